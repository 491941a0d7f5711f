/// Rows in aligned columns.
struct Table {
  private var rows: [[String]] = []
  private let header: [String]

  init(_ header: String...) { self.init(header: header) }

  init(header: [String]) { self.header = header }

  mutating func add(_ cells: String...) { add(row: cells) }

  mutating func add(row: [String]) { rows.append(row) }

  /// Prints the header, dimmed, and the rows, each after `indent` spaces.
  func print(indent: Int = 0) {
    for (index, line) in lines(indent: indent).enumerated() {
      Console.print(index == 0 ? Console.styled(line, .dim) : line)
    }
  }

  /// The header and the rows, each after `indent` spaces.
  func lines(indent: Int = 0) -> [String] {
    let all = [header] + rows
    var widths = [Int](repeating: 0, count: header.count)
    for row in all {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.columns) }
    }
    return all.map { row in
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() { line += cell.padded(to: widths[column] + 2) }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
