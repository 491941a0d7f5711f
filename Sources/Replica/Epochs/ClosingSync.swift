internal import Ledger
internal import Primitives

/// Fetches closings: those that lead from the running epoch to that of a snapshot, and those that this node's disk lost.
///
/// Each closing is verified with the validators that the one before it names, so it does not matter who sends them.
struct ClosingSync {
  private struct Aim {
    /// The closings of all epochs before this one are wanted.
    var end: Epoch
    /// The peer that offered something of that epoch; nil if any peer may be asked.
    var source: PeerID?
    /// When another peer that offers something takes its turn, and when the peer is given up.
    var yields: Tick
    var until: Tick
  }

  private var aim: Aim?
  private var asked: PeerID?
  private var askAt: Tick?
  private var isChecking = false

  /// How many retry intervals a peer has to prove the epoch that it claims.
  private static let patience: UInt64 = 8

  /// When a question is due.
  var deadline: Tick? { aim == nil || isChecking ? nil : askAt }

  /// Wants the closings of all epochs before `end` that the book lacks.
  /// - Parameter source: the peer that claims to know that epoch, which is the only one asked: others may know that it lies.
  mutating func want(before end: Epoch, from source: PeerID?, _ context: borrowing StepContext) {
    if let aim {
      guard aim.source != nil, source != aim.source, aim.yields <= context.now.tick, !isChecking else { return }
    }
    aim = Aim(
      end: end, source: source, yields: context.tick(in: context.configuration.retryInterval),
      until: source == nil
        ? Tick(.max) : context.tick(in: Self.patience * context.configuration.retryInterval))
    askAt = context.now.tick
  }

  mutating func disconnect(_ peer: PeerID) {
    if aim?.source == peer { aim = nil }
    if asked == peer { asked = nil }
  }

  /// Asks for the next closings, if it is time to.
  mutating func fetch(_ book: borrowing ClosingBook, _ connected: borrowing Set<PeerID>, _ context: inout StepContext) {
    guard let aim, !isChecking else { return }
    guard let next = book.firstMissing(before: aim.end), context.now.tick < aim.until else {
      self.aim = nil
      asked = nil
      return
    }
    guard let askAt, askAt <= context.now.tick else { return }
    self.askAt = context.tick(in: context.configuration.retryInterval)
    let others = connected.sorted()
    guard let peer = aim.source ?? others.first(where: { $0 > (asked ?? $0) }) ?? others.first else { return }
    asked = peer
    context.send(.fetchClosings(from: next), to: .peer(peer))
  }

  /// Handles closings. If they were asked for, and each follows from the one before, their signatures are verified.
  mutating func receive(
    _ closings: Closings, from peer: PeerID, _ book: borrowing ClosingBook, _ context: inout StepContext
  ) {
    guard let aim, asked == peer, !isChecking, closings.first == book.firstMissing(before: aim.end),
      let validators = context.validators(of: closings.first, book)
    else { return }
    context.isUseful = true
    asked = nil
    do throws(ClosingsError) {
      let items = try closings.signatures(
        context.chain, validators, above: height(before: closings.first, book),
        checkpoint: context.configuration.checkpoint, hash: &context.hash)
      isChecking = true
      context.verify(items, for: .closings(closings, from: peer))
    } catch {
      context.blame(peer, error)
    }
  }

  private func height(before epoch: Epoch, _ book: borrowing ClosingBook) -> Height {
    book.leading(to: epoch)?.result.height ?? .genesis
  }

  /// Completes the verification of closings. Returns whether they hold.
  mutating func finish(_ allHold: Bool, from peer: PeerID, _ context: inout StepContext) -> Bool {
    isChecking = false
    askAt = context.now.tick
    aim?.yields = context.tick(in: context.configuration.retryInterval)
    guard allHold else {
      context.blame(peer, "closing.invalid-signature", "a closing has an invalid signature")
      if aim?.source == peer { aim = nil }
      return false
    }
    return true
  }

  /// Begins an epoch: what was being checked is not answered any more.
  mutating func beginEpoch(_ context: borrowing StepContext) {
    isChecking = false
    if aim != nil { askAt = context.now.tick }
  }
}
