internal import Primitives

/// A client's connection to a signer.
///
/// `Sendable` is unchecked, because one thread uses it at a time, which the lock of whoever owns it ensures.
final class SignerConnection: @unchecked Sendable {
  private let path: String
  private let socket: UnixSocket
  private var frames = FrameBuffer(limit: SignerLimits.answerBytes)
  private var buffer = [UInt8](repeating: 0, count: 4096)
  /// How long a call may block.
  private var patience: UInt64
  /// The signer's present key.
  let welcome: PublicKey

  /// Connects and says hello.
  /// - Parameter milliseconds: how long the answer may take.
  init(path: String, _ hello: SignerHello, milliseconds: UInt64) throws(SignerError) {
    self.path = path
    patience = milliseconds
    socket = try UnixSocket.connected(to: path, milliseconds: milliseconds)
    let answer = try Self.exchange(.hello(hello), socket, &frames, &buffer, path, milliseconds)
    guard case .welcome(let key) = answer else { throw .answer(path: path, reason: "it does not greet") }
    welcome = key
  }

  /// Asks, and waits for the answer; a refusal is thrown. After any other error the connection is of no use.
  /// - Parameter milliseconds: how long the answer may take.
  func ask(_ request: SignerRequest, milliseconds: UInt64) throws(SignerError) -> SignerAnswer {
    if milliseconds != patience { socket.setPatience(milliseconds) }
    patience = milliseconds
    return try Self.exchange(request, socket, &frames, &buffer, path, milliseconds)
  }

  /// Tells the signer something that has no answer.
  func tell(_ request: SignerRequest) throws(SignerError) { try Self.put(request, socket, path, patience) }

  /// The error for an answer of the wrong kind.
  var unexpected: SignerError {
    .answer(path: path, reason: "it answers something else than it was asked")
  }

  private static func put(
    _ request: SignerRequest, _ socket: UnixSocket, _ path: String, _ milliseconds: UInt64
  ) throws(SignerError) {
    var rest = FrameBuffer.frame(request.bytes)[...]
    while !rest.isEmpty {
      switch socket.write(rest) {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .wouldBlock: throw .silent(path: path, milliseconds: milliseconds)
      case .ended: throw .unreachable(path: path, reason: "it closed the connection")
      }
    }
  }

  private static func exchange(
    _ request: SignerRequest, _ socket: UnixSocket, _ frames: inout FrameBuffer, _ buffer: inout [UInt8],
    _ path: String, _ milliseconds: UInt64
  ) throws(SignerError) -> SignerAnswer {
    try put(request, socket, path, milliseconds)
    let deadline = SignerClock.milliseconds() + milliseconds
    while true {
      if let answer = try answer(in: &frames, path) {
        if case .refused(let refusal) = answer { throw .refused(refusal) }
        return answer
      }
      switch socket.read(into: &buffer, atMost: frames.room) {
      case .bytes(let count): frames.append(buffer[..<count])
      case .wouldBlock: throw .silent(path: path, milliseconds: milliseconds)
      case .ended: throw .unreachable(path: path, reason: "it closed the connection")
      }
      // A byte now and then does not hold anybody up.
      guard SignerClock.milliseconds() <= deadline else { throw .silent(path: path, milliseconds: milliseconds) }
    }
  }

  private static func answer(in frames: inout FrameBuffer, _ path: String) throws(SignerError) -> SignerAnswer? {
    do throws(CodecError) {
      guard let content = try frames.next() else { return nil }
      return try SignerAnswer(content)
    } catch {
      throw .answer(path: path, reason: error.explanation)
    }
  }
}
