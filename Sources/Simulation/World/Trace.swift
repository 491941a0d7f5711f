internal import Primitives

/// The last lines of what happened, for people.
struct Trace {
  private(set) var lines: [String] = []
  private let limit: Int
  var isWanted: Bool { limit > 0 }

  init(limit: Int) { self.limit = limit }

  mutating func add(_ tick: Tick, _ line: @autoclosure () -> String) {
    guard limit > 0 else { return }
    lines.append("\(tick.rawValue) \(line())")
    if lines.count > 2 * limit { lines.removeFirst(limit) }
  }

  var last: [String] { Array(lines.suffix(limit)) }
}
