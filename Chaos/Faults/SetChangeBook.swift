import Synchronization

/// The changes of the set of validators that a run has made.
final class SetChangeBook: Sendable {
  private let changes = Mutex<[SetChangeFigures]>([])

  var all: [SetChangeFigures] { changes.withLock { $0 } }

  func note(_ figures: SetChangeFigures) { changes.withLock { $0.append(figures) } }
}
