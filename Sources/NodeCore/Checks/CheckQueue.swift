internal import DequeModule
package import Primitives
package import Replica

/// The order in which signatures are verified (attack H3).
///
/// More urgent pieces come first, but while signatures of a class wait, one of eight is of that class: a flood of votes
/// slows transactions down and cannot stop them. Within a class the sources, which are the peers and this node itself,
/// take turns of 32 signatures, however many of them one has. Within a source the order is that of arrival.
///
/// It knows requests by their tickets only. A generic queue of the shells' own types would not be specialized in their
/// modules, and would then allocate at each call.
package struct CheckQueue: Sendable {
  /// A part of a request: signatures that are verified one after the other.
  package struct Piece: Hashable, Sendable {
    package var ticket: Ticket
    /// Its place among the parts of the request.
    package var number: Int

    /// The places of its signatures in a request of `count` signatures.
    package func range(of count: Int) -> Range<Int> {
      let start = number * CheckQueue.pieceSize
      return start..<min(count, start + CheckQueue.pieceSize)
    }
  }

  package typealias Next = (piece: Piece, urgency: VerificationRequest.Urgency)

  private struct Entry {
    var piece: Piece
    var signatures: Int
  }

  /// What waits of one source. Kept when it is empty, because it will be needed again.
  private struct Lane {
    var entries: Deque<Entry> = []
    /// The signatures that the source may still have verified in this turn.
    var room = CheckQueue.pieceSize

    /// Returns whether nothing waited before.
    mutating func add(_ entry: Entry) -> Bool {
      entries.append(entry)
      return entries.count == 1
    }

    /// The next piece, or nil if the turn is over, which makes the next one longer; and whether something is left.
    mutating func next() -> (piece: Piece?, isMore: Bool) {
      guard let first = entries.first else { return (nil, false) }
      guard first.signatures <= room else {
        room += CheckQueue.pieceSize
        return (nil, true)
      }
      entries.removeFirst()
      room = entries.isEmpty ? CheckQueue.pieceSize : room - first.signatures
      return (first.piece, !entries.isEmpty)
    }
  }

  private struct Level {
    var lanes: [PeerID?: Lane] = [:]
    /// The sources of which something waits. It is the turn of the first.
    var turns: Deque<PeerID?> = []
    /// Pieces that were taken and are not finished. They may have been interrupted by more urgent ones.
    var begun = 0
    /// More urgent signatures begun since this class waits, less `CheckQueue.share - 1` for each of its own.
    var owed = 0

    var isWaiting: Bool { begun > 0 || !turns.isEmpty }
    var isDue: Bool { owed >= CheckQueue.share - 1 }
  }

  /// Of so many signatures, one is of a less urgent class that waits.
  package static var share: Int { 8 }
  /// The signatures of a piece, and of a source's turn: few enough to spread a batch over the cores, and enough to
  /// outweigh the cost of the hand-over.
  package static var pieceSize: Int { 32 }

  private var levels = VerificationRequest.Urgency.allCases.map { _ in Level() }

  package init() {}

  /// The number of pieces of a request of so many signatures.
  package static func pieces(of signatures: Int) -> Int { max(1, (signatures + pieceSize - 1) / pieceSize) }

  /// Adds a request with its signatures, in pieces; `peer` is its source, and nil is this node.
  package mutating func put(
    _ ticket: Ticket, signatures: Int, _ urgency: VerificationRequest.Urgency, from peer: PeerID?
  ) {
    for number in 0..<Self.pieces(of: signatures) {
      let piece = Piece(ticket: ticket, number: number)
      let entry = Entry(piece: piece, signatures: max(1, piece.range(of: signatures).count))
      let isFirst = levels[urgency.rawValue].lanes[peer, default: Lane()].add(entry)
      if isFirst { levels[urgency.rawValue].turns.append(peer) }
    }
  }

  /// Takes the piece to begin next. `finish` must be called when it is done.
  package mutating func take() -> Next? { take(moreUrgentThan: levels.count) }

  /// Takes a piece that comes before the next signature of one that has been begun. If there is none, this signature
  /// is begun.
  package mutating func interrupt(_ urgency: VerificationRequest.Urgency) -> Next? {
    if !levels[urgency.rawValue].isDue, let other = take(moreUrgentThan: urgency.rawValue) { return other }
    begin(1, urgency)
    return nil
  }

  /// Counts signatures of a piece as begun.
  package mutating func begin(_ signatures: Int, _ urgency: VerificationRequest.Urgency) {
    let own = urgency.rawValue
    levels[own].owed = max(0, levels[own].owed - signatures * (Self.share - 1))
    for level in levels.indices where level > own && levels[level].isWaiting { levels[level].owed += signatures }
  }

  /// Notes that a piece is done.
  package mutating func finish(_ urgency: VerificationRequest.Urgency) {
    levels[urgency.rawValue].begun -= 1
    if !levels[urgency.rawValue].isWaiting { levels[urgency.rawValue].owed = 0 }
  }

  /// Forgets what a peer is the source of, up to this ticket. Pieces that have been begun are not affected.
  package mutating func drop(of peer: PeerID, through ticket: Ticket) {
    for level in levels.indices {
      guard var lane = levels[level].lanes[peer], !lane.entries.isEmpty else { continue }
      lane.entries.removeAll { $0.piece.ticket.number <= ticket.number }
      levels[level].lanes[peer] = lane
      if lane.entries.isEmpty { levels[level].turns.removeAll { $0 == peer } }
      if !levels[level].isWaiting { levels[level].owed = 0 }
    }
  }

  /// Takes a piece of the least urgent class that is due, or else of the most urgent one.
  private mutating func take(moreUrgentThan end: Int) -> Next? {
    var chosen: Int?
    for level in levels[..<end].indices where !levels[level].turns.isEmpty && (chosen == nil || levels[level].isDue) {
      chosen = level
    }
    guard let chosen, let urgency = VerificationRequest.Urgency(rawValue: chosen), let piece = next(in: chosen)
    else { return nil }
    levels[chosen].begun += 1
    return (piece, urgency)
  }

  private mutating func next(in level: Int) -> Piece? {
    while let peer = levels[level].turns.popFirst() {
      // With a default, because changing an optional value in place allocates.
      let (piece, isMore) = levels[level].lanes[peer, default: Lane()].next()
      // A source keeps its turn until it is over.
      if isMore, piece == nil { levels[level].turns.append(peer) }
      if isMore, piece != nil { levels[level].turns.prepend(peer) }
      if let piece { return piece }
    }
    return nil
  }
}
