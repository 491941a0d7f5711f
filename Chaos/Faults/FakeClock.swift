import Foundation

/// Gives a process a wrong clock, using Debian's libfaketime if it is installed.
struct FakeClock: Sendable {
  private let library: String

  private static let names = ["libfaketimeMT.so.1", "libfaketime.so.1"]
  private static let folders = [
    "/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime",
  ]

  /// Finds the library; nil if it is not installed.
  static func find() -> FakeClock? {
    let paths = folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
    return paths.first(where: FileManager.default.fileExists).map { FakeClock(library: $0) }
  }

  /// The environment that shifts a process's wall clock by `seconds`. The monotonic clock is not changed, so time-outs
  /// keep their pace.
  func environment(seconds: Int) -> [String: String] {
    [
      "LD_PRELOAD": library, "FAKETIME": seconds < 0 ? "\(seconds)s" : "+\(seconds)s",
      "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    ]
  }
}
