internal import Primitives

/// The last events of a run in readable form: simulated seconds, then what a node did.
struct Trace {
  private(set) var lines: [String] = []
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func add(_ tick: Tick, _ line: @autoclosure () -> String) {
    guard limit > 0 else { return }
    lines.append("\(Trace.seconds(tick)) s  \(line())")
    if lines.count > 2 * limit { lines.removeFirst(limit) }
  }

  var last: [String] { Array(lines.suffix(limit)) }

  /// Seconds with six decimals, right-aligned for runs of up to a thousand seconds.
  static func seconds(_ tick: Tick) -> String {
    func padded(_ number: UInt64, _ width: Int, _ filling: Character) -> String {
      let text = "\(number)"
      return String(repeating: filling, count: max(0, width - text.count)) + text
    }
    return padded(tick.rawValue / 1_000_000, 3, " ") + "." + padded(tick.rawValue % 1_000_000, 6, "0")
  }
}
