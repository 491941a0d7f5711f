/// Rows in aligned columns.
struct Table {
  private var rows: [[String]] = []
  private let header: [String]

  init(_ header: String...) { self.header = header }

  mutating func add(_ cells: String...) { rows.append(cells) }

  /// Prints the header, dimmed, and the rows, each after `indent` spaces.
  func print(indent: Int = 0) {
    let all = [header] + rows
    var widths = [Int](repeating: 0, count: header.count)
    for row in all {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    for (index, row) in all.enumerated() {
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() { line += cell.padded(to: widths[column] + 2) }
      while line.last == " " { line.removeLast() }
      Console.print(index == 0 ? Console.styled(line, .dim) : line)
    }
  }
}

extension String {
  /// The text padded with trailing spaces to at least `width` characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
