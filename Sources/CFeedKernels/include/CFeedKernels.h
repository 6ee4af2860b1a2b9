int vitrine_placeholder(void);
