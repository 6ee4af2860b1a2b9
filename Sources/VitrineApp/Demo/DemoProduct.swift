/// One row before it becomes text.
struct DemoProduct: Equatable {
    var id: String
    var title: String
    var description: String
    var link: String
    var imageLink: String
    var availability: String
    var price: String
    var salePrice = ""
    var brand: String
    var condition = "new"
    var productType: String
    var color: String
    /// Fields cut off the end of the row.
    var missingFields = 0
    /// Something only Meta can see is wrong with it; it takes no other mistake.
    var isMarked = false
}
