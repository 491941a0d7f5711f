/// Labels and values, one pair per line.
struct Sheet {
  private var pairs: [(label: String, value: String)] = []

  mutating func add(_ label: String, _ value: some CustomStringConvertible) { pairs.append((label, "\(value)")) }

  mutating func add(_ label: String, ifPresent value: (some CustomStringConvertible)?) {
    if let value { add(label, value) }
  }

  func print(indent: Int = 0) {
    for line in lines(indent: indent, label: { Console.styled($0, .dim) }) { Console.print(line) }
  }

  /// The lines after `indent` spaces each, with the labels as `label` shows them.
  func lines(indent: Int = 0, label: (String) -> String = { $0 }) -> [String] {
    let width = pairs.map(\.label.columns).max() ?? 0
    return pairs.map { pair in
      let padding = String(repeating: " ", count: width - pair.label.columns + 2)
      return String(repeating: " ", count: indent) + label(pair.label) + padding + pair.value
    }
  }
}
