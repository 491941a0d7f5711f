import Foundation
import Synchronization

/// Prints what happens as it happens, with the seconds since the beginning.
final class Story: Sendable {
  private let start = ContinuousClock.now
  private let told = Mutex<[String]>([])
  /// Whether to print to standard error, because standard output is for one JSON value.
  private let isOnStandardError: Bool

  init(isOnStandardError: Bool) { self.isOnStandardError = isOnStandardError }

  var lines: [String] { told.withLock { $0 } }
  var seconds: Double { (ContinuousClock.now - start).seconds }

  func tell(_ text: String) {
    let line = String(format: "%7.1f s  ", seconds) + text
    told.withLock { $0.append(line) }
    let handle = isOnStandardError ? FileHandle.standardError : FileHandle.standardOutput
    try? handle.write(contentsOf: Data((line + "\n").utf8))
  }
}
