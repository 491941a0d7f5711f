internal import Ledger

/// Answers questions about the state after the last final block, on a thread of its own, so that no read, however
/// expensive, takes time of the thread that votes.
///
/// The thread owns a `LedgerView`. Blocks that became final come before all questions; since only this thread touches the
/// view, a question sees it between two blocks, and never an older block than one that was announced before it was asked.
final class LedgerReader: Sendable {
  private enum Item: Sendable {
    case follow([RowChanges])
    case show(Handover<LedgerView>)
    case question(@Sendable (borrowing LedgerView) -> Void)
  }

  // The queue of blocks has no limit, since the log's thread must not wait and no block may be left out. It does not grow
  // without one: blocks come before all questions, a question takes as long as one page at most, and applying the rows of a
  // block takes far less time than the replica needed to execute it.

  /// The number of questions that may wait.
  static let questionLimit = 2048

  // Blocks are class 0, and questions class 1.
  private let mailbox = Mailbox<Item>(limit: LedgerReader.questionLimit, classes: 2)

  /// Starts the thread with a view of the state that the replica starts with.
  func start(_ view: Handover<LedgerView>) -> WorkerThread {
    WorkerThread("ledger-view", end: { [mailbox] in mailbox.close() }) { [mailbox] in
      var view = view.take()
      while let item = mailbox.takeOne() {
        switch item {
        case .follow(let blocks): for changes in blocks { view.apply(changes) }
        case .show(let other): view = other.take()
        case .question(let answer): answer(view)
        }
      }
    }
  }

  /// Notes what final blocks changed, in the order of the chain.
  func follow(_ blocks: [RowChanges]) { mailbox.force(.follow(blocks)) }

  /// Continues with the view of a later state, which the replica has installed.
  func show(_ view: Handover<LedgerView>) { mailbox.force(.show(view)) }

  /// The number of questions and announcements that wait.
  var waiting: Int { mailbox.count }

  /// Runs `body` on the thread. Throws `NodeBusy` or `NodeStopping` if it does not take the question.
  func read<Answer: Sendable>(_ body: @escaping @Sendable (borrowing LedgerView) -> Answer) async throws -> Answer {
    let answer: Result<Answer, any Error> = await withCheckedContinuation { continuation in
      let isTaken = mailbox.offer(
        .question { view in continuation.resume(returning: .success(body(view))) }, class: 1)
      guard !isTaken else { return }
      continuation.resume(
        returning: .failure(mailbox.isClosed ? NodeStopping() : NodeBusy(limit: Self.questionLimit)))
    }
    return try answer.get()
  }
}
