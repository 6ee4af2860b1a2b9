#include "CFeedKernels.h"
int vitrine_placeholder(void) { return 0; }
