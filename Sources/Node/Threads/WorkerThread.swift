internal import Foundation

/// A named thread that can be waited for.
final class WorkerThread: Sendable {
  private let finished = DispatchSemaphore(value: 0)

  /// Starts `body` on a thread of its own. The name shows in tools such as top.
  init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let finished = finished
    let thread = Thread {
      body()
      finished.signal()
    }
    thread.name = name
    thread.stackSize = 2 << 20
    thread.start()
  }

  /// Blocks until `body` has returned. To be called once.
  func join() { finished.wait() }
}
