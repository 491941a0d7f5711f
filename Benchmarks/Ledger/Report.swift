import Foundation

/// Prints one line per measurement.
enum Report {
  static func setUp() {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    print("cpu: \(name), \(ProcessInfo.processInfo.activeProcessorCount) cores, one used; times are processor time")
    #if DEBUG
      print("build: debug, the numbers mean nothing; run with -c release")
    #else
      print("build: release")
    #endif
  }

  static func note(_ text: String) { print("# \(text)") }

  /// `count` things took `duration`.
  static func line(_ name: String, _ count: Int, _ duration: Duration, _ unit: String) {
    let nanoseconds =
      Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) * 1e-9
    let each = nanoseconds / Double(count)
    let rate = each > 0 ? 1e9 / each : 0
    let title = name.padding(toLength: 52, withPad: " ", startingAt: 0)
    print(title + String(format: "%10.0f ns per %@ %12.0f per second", each, unit, rate))
  }

  /// Memory that the process holds now, in bytes.
  static func residentBytes() -> Int {
    let fields = ((try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? "").split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
  }

  /// How much processor time `body` takes: on a shared machine steadier than the time on the wall.
  static func measure<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Duration {
    let start = processorTime()
    try body()
    return processorTime() - start
  }

  static func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
