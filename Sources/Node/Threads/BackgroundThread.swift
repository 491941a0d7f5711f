internal import Dispatch
internal import Synchronization

/// Runs closures on one thread with background priority, while their callers wait.
final class BackgroundThread: Sendable {
  private struct Request: Sendable {
    var body: @Sendable () -> Void
    var done: DispatchSemaphore
  }

  private let requests = Mailbox<Request>(limit: .max)
  private let thread: WorkerThread

  init(_ name: String) {
    thread = WorkerThread(name, inBackground: true, end: { [requests] in requests.close() }) { [requests] in
      while let request = requests.takeOne() {
        request.body()
        request.done.signal()
      }
    }
  }

  /// Runs `body` on the thread and returns or throws its result. Must not be called after `stop`.
  func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let result = Mutex<Result<Value, Failure>?>(nil)
    let done = DispatchSemaphore(value: 0)
    let work: @Sendable () -> Void = {
      do throws(Failure) {
        let value = try body()
        result.withLock { $0 = .success(value) }
      } catch {
        result.withLock { $0 = .failure(error) }
      }
    }
    precondition(requests.force(Request(body: work, done: done)), "a background thread was used after it had ended")
    done.wait()
    guard let result = result.withLock({ $0 }) else { preconditionFailure("a background thread did not answer") }
    return try result.get()
  }

  /// Ends the thread. Call it once.
  func stop() { thread.stop() }
}
