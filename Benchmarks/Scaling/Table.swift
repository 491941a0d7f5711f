import Foundation

/// Rows under a line of titles, with each column as wide as its widest cell.
struct Table {
  private var rows: [[String]]

  init(_ titles: [String]) { rows = [titles] }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// Formats a value with `digits` digits after the decimal point.
func number(_ value: Double, _ digits: Int = 0) -> String { String(format: "%.\(digits)f", value) }

func percent(_ share: Double) -> String { String(format: "%.0f%%", share * 100) }
