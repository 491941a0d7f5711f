import Foundation

/// A wrong clock for a process, by Debian's libfaketime if it is there.
struct FakeClock: Sendable {
  private let library: String

  private static let names = ["libfaketimeMT.so.1", "libfaketime.so.1"]
  private static let folders = [
    "/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime",
  ]

  /// Nil if it is not installed.
  static func find() -> FakeClock? {
    let paths = folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
    return paths.first(where: FileManager.default.fileExists).map { FakeClock(library: $0) }
  }

  /// What makes a process believe that it is so many seconds later. Time-outs go on at their pace.
  func environment(seconds: Int) -> [String: String] {
    [
      "LD_PRELOAD": library, "FAKETIME": seconds < 0 ? "\(seconds)s" : "+\(seconds)s",
      "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    ]
  }
}
