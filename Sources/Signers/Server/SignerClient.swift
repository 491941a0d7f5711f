internal import Primitives

/// One connection to a signer, and what is to be read from it and written to it.
struct SignerClient {
  let socket: UnixSocket
  var frames: FrameBuffer
  var isGreeted = false
  private var unwritten: ArraySlice<UInt8> = []
  /// Since when it has owed something: the rest of a frame, its hello, or the reading of an answer.
  private var since: UInt64
  private var isOwing = true

  init(_ socket: UnixSocket, _ role: SignerRole, _ now: UInt64) {
    self.socket = socket
    frames = FrameBuffer(
      limit: role == .node ? SignerLimits.voteRequestBytes : SignerLimits.transactionRequestBytes)
    since = now
  }

  var isWriting: Bool { !unwritten.isEmpty }

  /// Whether the client has taken longer than it may.
  func isOverdue(_ now: UInt64, _ role: SignerRole) -> Bool {
    let limit: Int? =
      isOwing ? SignerLimits.frameMilliseconds : role == .member ? SignerLimits.idleMilliseconds : nil
    return limit.map { now - min(now, since) > UInt64($0) } ?? false
  }

  /// Reads once. Returns false if the connection has ended.
  mutating func read(_ buffer: inout [UInt8], _ now: UInt64) -> Bool {
    switch socket.read(into: &buffer, atMost: frames.room) {
    case .bytes(let count):
      frames.append(buffer[..<count])
      return true
    case .wouldBlock: return true
    case .ended: return false
    }
  }

  mutating func put(_ answer: SignerAnswer) { unwritten = FrameBuffer.frame(answer.bytes)[...] }

  mutating func refuse(_ refusal: SignerRefusal) { put(.refused(refusal)) }

  /// Writes as much as the client takes. Returns false if the connection has ended.
  mutating func flush(_ now: UInt64) -> Bool {
    while !unwritten.isEmpty {
      switch socket.write(unwritten) {
      case .bytes(let count): unwritten = unwritten.dropFirst(count)
      case .wouldBlock: return true
      case .ended: return false
      }
    }
    return true
  }

  /// Notes whether the client owes something until it is attended again.
  mutating func rest(_ now: UInt64) {
    let owes = isWriting || !frames.isEmpty || !isGreeted
    if !owes || !isOwing { since = now }
    isOwing = owes
  }
}
