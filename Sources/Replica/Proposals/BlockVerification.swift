internal import Cryptography
internal import Ledger
internal import Primitives

/// The verification of the signatures in a proposed block.
///
/// It goes in pieces, of which few are under way: whatever ends the check, such as the first invalid signature or the
/// end of the view, the rest costs nothing, and the checks of later blocks do not wait for it.
struct BlockVerification {
  /// Indices in the block of the transactions to verify; those before `next` were handed out.
  private var places: [Int] = []
  private var next = 0
  /// Own pieces under way.
  private var pieces: Set<Ticket> = []
  /// Transactions that are being verified for the pool, and the tickets of that. They are awaited only once, because
  /// these verifications may fail.
  private var awaitedPlaces: [Int] = []
  private var awaited: Set<Ticket> = []

  /// Transactions with exactly the same bytes in the pool are known to be valid. Verifications for the pool that the
  /// block now waits for become as urgent as its own.
  init(of block: Block, _ admission: borrowing Admission, _ context: inout StepContext) {
    for index in 0..<block.count {
      switch admission.knowledge(of: block.transaction(at: index)) {
      case .verified: continue
      case .underCheck(let ticket):
        awaitedPlaces.append(index)
        if awaited.insert(ticket).inserted { context.effects.urgentTickets.append(ticket) }
      case .unknown: places.append(index)
      }
    }
  }

  /// Whether nothing can be done before an answer arrives.
  var isWaiting: Bool {
    guard next == places.count else { return pieces.count >= Limits.blockPieces }
    return !pieces.isEmpty || !awaited.isEmpty
  }

  /// Hands out further pieces, if there is room. Returns whether all signatures are known to be valid.
  mutating func proceed(
    _ round: Round, _ block: Block, _ admission: borrowing Admission, _ context: inout StepContext
  ) -> Bool {
    if next == places.count, !isWaiting {
      places = []
      next = 0
      for index in awaitedPlaces {
        if case .verified = admission.knowledge(of: block.transaction(at: index)) { continue }
        places.append(index)
      }
      awaitedPlaces = []
    }
    while next < places.count, pieces.count < Limits.blockPieces {
      var items: [VerificationItem] = []
      while next < places.count, items.count < Limits.blockPieceSignatures {
        block.transaction(at: places[next]).appendSignatures(context.chain, to: &items)
        next += 1
      }
      pieces.insert(context.verify(items, for: .block(round)))
    }
    return next == places.count && !isWaiting
  }

  /// Notes that a piece was verified. Returns false if it is not one of this check's.
  mutating func finish(_ ticket: Ticket) -> Bool { pieces.remove(ticket) != nil }

  mutating func finishAwaited(_ ticket: Ticket) { awaited.remove(ticket) }
}
