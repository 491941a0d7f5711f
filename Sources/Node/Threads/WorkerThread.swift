internal import Foundation

/// A named thread that can be waited for.
final class WorkerThread: Sendable {
  private let finished = DispatchSemaphore(value: 0)

  /// Starts `body` on a thread of its own. The name shows in tools such as top.
  init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let finished = finished
    let started = DispatchSemaphore(value: 0)
    let thread = Thread {
      // Foundation tells the system a name only from the thread itself, and only once `start` has returned.
      started.wait()
      Thread.current.name = name
      body()
      finished.signal()
    }
    thread.stackSize = 2 << 20
    thread.start()
    started.signal()
  }

  /// Blocks until `body` has returned. To be called once.
  func join() { finished.wait() }
}
