/// Labels and values, one pair per line.
struct Sheet {
  private var lines: [(label: String, value: String)] = []

  mutating func add(_ label: String, _ value: some CustomStringConvertible) { lines.append((label, "\(value)")) }

  mutating func add(_ label: String, ifPresent value: (some CustomStringConvertible)?) {
    if let value { add(label, value) }
  }

  func print(indent: Int = 0) {
    let width = lines.map(\.label.count).max() ?? 0
    for line in lines {
      let padding = String(repeating: " ", count: width - line.label.count + 2)
      Console.print(
        String(repeating: " ", count: indent) + Console.styled(line.label, .dim) + padding + line.value)
    }
  }
}
