import Foundation
import Synchronization

/// Records whether a signal asked the run to end.
enum Signals {
  private static let sent = Atomic<Bool>(false)

  static var wereSent: Bool { sent.load(ordering: .relaxed) }

  /// From now on, only records these signals.
  static func watch() {
    // Initialises the flag here rather than in a handler, where nothing may be allocated.
    sent.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in Signals.sent.store(true, ordering: .relaxed) }
    }
  }
}
