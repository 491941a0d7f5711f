internal import DequeModule
internal import Primitives

/// A node's outgoing line, which all its links share. Frames to one peer stay in order. Peers with waiting frames take
/// turns, with a piece of at most one TLS record each, like connections on one line.
struct OutgoingLine {
  /// A piece of a frame that occupies the line until `done`, in nanoseconds.
  struct Piece: Equatable {
    var peer: Int
    var done: UInt64
    /// The frame, if this is its last piece.
    var frame: [UInt8]?
  }

  private struct Waiting {
    var frames = Deque<[UInt8]>()
    var current: [UInt8]?
    /// Bytes of the current frame that have not been sent.
    var remaining = 0
  }

  private static let pieceBytes = 16 << 10

  private let costs: SimulatedCosts
  private var waiting: [Waiting]
  private var turns = Deque<Int>()
  private var line = Server()
  private(set) var isBusy = false
  private(set) var sentBytes = 0
  var busy: UInt64 { line.busy }

  init(_ costs: SimulatedCosts, peers: Int) {
    self.costs = costs
    waiting = Array(repeating: Waiting(), count: peers)
  }

  mutating func enqueue(_ frame: [UInt8], to peer: Int) {
    if waiting[peer].current == nil {
      waiting[peer].current = frame
      waiting[peer].remaining = frame.count
      turns.append(peer)
    } else {
      waiting[peer].frames.append(frame)
    }
  }

  /// Puts the next piece on the line, not before `time` in nanoseconds. Returns nil if it is busy or nothing waits.
  mutating func begin(at time: UInt64) -> Piece? {
    guard !isBusy, let peer = turns.popFirst() else { return nil }
    isBusy = true
    let count = min(waiting[peer].remaining, Self.pieceBytes)
    waiting[peer].remaining -= count
    sentBytes += count
    var piece = Piece(peer: peer, done: line.work(costs.line(bytes: count), from: time))
    if waiting[peer].remaining == 0 {
      piece.frame = waiting[peer].current
      waiting[peer].current = waiting[peer].frames.popFirst()
      waiting[peer].remaining = waiting[peer].current?.count ?? 0
    }
    if waiting[peer].current != nil { turns.append(peer) }
    return piece
  }

  mutating func finish() { isBusy = false }
}
