import Synchronization

/// Collects values from another thread.
final class Recorder<Value: Sendable>: Sendable {
  private let list = Mutex<[Value]>([])

  var values: [Value] { list.withLock { $0 } }

  func add(_ values: [Value]) { list.withLock { $0 += values } }
}
