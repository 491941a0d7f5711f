internal import Foundation

/// A named thread that can be stopped and waited for.
final class WorkerThread: Sendable {
  private let finished = DispatchSemaphore(value: 0)
  private let end: @Sendable () -> Void

  /// Starts `body` on a thread of its own. The name shows in tools such as top. Work in the background leaves the
  /// processor to whatever a view waits for, where the system has threads of lower priority (Linux).
  /// - Parameter end: makes `body` return soon.
  init(
    _ name: String, inBackground isBackground: Bool = false, end: @escaping @Sendable () -> Void = {},
    _ body: @escaping @Sendable () -> Void
  ) {
    self.end = end
    let finished = finished
    let started = DispatchSemaphore(value: 0)
    let thread = Thread {
      // Foundation tells the system a name only from the thread itself, and only once `start` has returned.
      started.wait()
      Thread.current.name = name
      if isBackground { Self.lowerPriority() }
      body()
      finished.signal()
    }
    thread.stackSize = 2 << 20
    thread.start()
    started.signal()
  }

  /// Lowers the priority of the calling thread for good: only a privileged process may raise it again.
  private static func lowerPriority() {
    #if os(Linux)
      // A tenth of the weight of the others (sched(7)). If the system refuses, the thread keeps theirs.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    #endif
  }

  static var niceness: Int32 { 10 }

  /// Ends `body` and waits for it. To be called once.
  func stop() {
    end()
    join()
  }

  /// Runs `body` on a thread of its own and returns or throws its result. For work that takes long, in which a task must
  /// not keep the thread that it runs on.
  static func value<Value: Sendable>(
    _ name: String, _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      _ = WorkerThread(name) { continuation.resume(with: Result(catching: body)) }
    }
  }

  /// Blocks until `body` has returned. To be called once.
  func join() { finished.wait() }
}
