import Foundation
import Synchronization

/// Whether somebody wants the run to end.
enum Signals {
  private static let sent = Atomic<Bool>(false)

  static var wereSent: Bool { sent.load(ordering: .relaxed) }

  /// From now on these signals are only noted.
  static func watch() {
    // Made here and not within a handler, where nothing may be allocated.
    sent.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in Signals.sent.store(true, ordering: .relaxed) }
    }
  }
}
