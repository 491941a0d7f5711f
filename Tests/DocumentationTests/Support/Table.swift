/// The rows of a table in a document, without its header. Each row is a list of cells.
struct Table {
  let rows: [[String]]

  /// The first table with a row whose first cell is `cell`. Without such a table, there are no rows.
  init(_ document: Document, withFirstCell cell: String) {
    var tables: [[[String]]] = [[]]
    for piece in document.prose {
      if piece.text.hasPrefix("|") {
        let cells = piece.text.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        tables[tables.count - 1].append(cells.map { $0.trimmed })
      } else {
        tables.append([])
      }
    }
    let table = tables.first { $0.contains { $0.first == cell } } ?? []
    rows = Array(table.dropFirst(2))
  }
}

extension Substring {
  var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
