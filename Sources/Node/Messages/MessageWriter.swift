internal import CoreMetrics
internal import DequeModule
internal import Foundation
internal import Synchronization

/// Writes a node's log messages on a separate thread, so that neither a slow or absent reader nor a slow disk holds up
/// other threads.
///
/// Messages that do not fit are dropped and counted (`roadbed_messages_dropped_total`); a message reports them as soon
/// as there is room again.
package final class MessageWriter: Sendable {
  /// The maximum bytes and number of messages that wait.
  static let byteLimit = 1 << 20
  static let messageLimit = 4096

  private enum Item: Sendable {
    case message([UInt8])
    case reopen(@Sendable (Result<Bool, NodeError>) -> Void)
  }

  private let mailbox = Mailbox<Item>(limit: messageLimit)
  private let waiting = Atomic<Int>(0)
  private let untold = Atomic<Int>(0)
  private let total = Atomic<Int>(0)
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - path: nil for standard error.
  /// - dropped: returns the message that reports `count` dropped messages.
  package init(path: String?, dropped: @escaping @Sendable (_ count: Int) -> [UInt8]) throws(NodeError) {
    let file = Handover(try MessageFile(path: path))
    _ = WorkerThread("messages") { [self] in
      var file = file.take()
      run(&file, dropped)
      ended.signal()
    }
  }

  /// The number of messages dropped since the start.
  package var droppedCount: Int { total.load(ordering: .relaxed) }

  /// Queues a message, which includes its line break. Never blocks.
  package func put(_ message: [UInt8]) {
    let bytes = waiting.add(message.count, ordering: .relaxed).newValue
    if bytes <= Self.byteLimit, mailbox.offer(.message(message)) { return }
    waiting.subtract(message.count, ordering: .relaxed)
    drop(1)
  }

  /// Continues in the file that is now at the path. `done` receives whether there is a path, or why opening failed.
  package func reopen(_ done: @escaping @Sendable (Result<Bool, NodeError>) -> Void) {
    mailbox.force(.reopen(done))
  }

  /// Writes the messages that wait, then ends. False if this took longer than the limit, as it does if nobody reads.
  package func close(within milliseconds: Int) -> Bool {
    mailbox.close()
    return ended.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }

  private func drop(_ count: Int) {
    untold.add(count, ordering: .relaxed)
    total.add(count, ordering: .relaxed)
    Counter(label: "roadbed_messages_dropped_total").increment(by: count)
  }

  private func run(_ file: inout MessageFile, _ dropped: (Int) -> [UInt8]) {
    var batch: Deque<Item> = []
    while mailbox.take(into: &batch, waitingAtMost: nil) {
      var bytes: [UInt8] = []
      var count = 0
      func flush() {
        if !bytes.isEmpty, !file.write(bytes) { drop(count) }
        waiting.subtract(bytes.count, ordering: .relaxed)
        bytes.removeAll(keepingCapacity: true)
        count = 0
      }
      for item in batch {
        switch item {
        case .message(let message):
          bytes += message
          count += 1
        case .reopen(let done):
          flush()
          let result: Result<Bool, NodeError>
          do throws(NodeError) {
            result = .success(try file.reopen())
          } catch {
            result = .failure(error)
          }
          done(result)
        }
      }
      flush()
      let missing = untold.exchange(0, ordering: .relaxed)
      if missing > 0, !file.write(dropped(missing)) { untold.add(missing, ordering: .relaxed) }
    }
  }
}
