internal import Primitives
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Serves a desk at a Unix socket, on the thread that calls `run`.
///
/// One request is answered after the other, so the desk needs no locks. Connections and their bytes are bounded, nothing
/// blocks, and whoever is slow, silent or makes no sense is closed: the node's connection never waits for another's.
///
/// Only that thread touches what it has, so it may be handed over to another.
package final class SignerServer: @unchecked Sendable {
  private let path: String
  private let desk: any SignerDesk
  private let note: (SignerNote) -> Void
  private let listener: UnixSocket
  /// The socket's file, so that no other is removed at the end.
  private let file: [UInt64]?
  /// Before this time no connection is taken, because there was no room for one.
  private var deafUntil: UInt64 = 0
  private let wake: WakeUp
  private var clients: [Int: SignerClient] = [:]
  private var lastNumber = 0
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  /// Listens. Connections wait until `run` is called.
  package init(path: String, desk: any SignerDesk, note: @escaping (SignerNote) -> Void) throws(SignerError) {
    self.path = path
    self.desk = desk
    self.note = note
    listener = try UnixSocket.listening(at: path)
    file = UnixSocket.file(at: path)
    wake = try WakeUp(path)
  }

  /// What makes `run` return soon; from any thread.
  package var stopping: @Sendable () -> Void { { [wake] in wake.signal() } }

  /// Serves until it is stopped. Then nobody can connect any more.
  package func run() {
    while !wake.isSignalled { serve() }
    clients = [:]
    if file == UnixSocket.file(at: path) { unlink(path) }
  }

  /// Waits for something to happen, for a second at most, and serves it.
  private func serve() {
    let numbers = clients.keys.sorted()
    var polled = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
    let isDeaf = SignerClock.milliseconds() < deafUntil
    polled.append(pollfd(fd: listener.descriptor, events: isDeaf ? 0 : Int16(POLLIN), revents: 0))
    for number in numbers {
      guard let client = clients[number] else { continue }
      polled.append(
        pollfd(fd: client.socket.descriptor, events: Int16(client.isWriting ? POLLOUT : POLLIN), revents: 0))
    }
    guard poll(&polled, nfds_t(polled.count), 1000) >= 0 || errno == EINTR else { return }
    let now = SignerClock.milliseconds()
    // Before the new ones, so that the end of a node's connection is seen before its next one begins.
    for (index, number) in numbers.enumerated() where polled[index + 2].revents != 0 { attend(number, now) }
    for number in numbers { if let client = clients[number], client.isOverdue(now, desk.role) { close(number) } }
    if polled[1].revents != 0 { welcome(now) }
  }

  /// Takes the connections that wait. Without room for one, those who are there are served, and a second passes.
  private func welcome(_ now: UInt64) {
    while true {
      switch listener.arrival() {
      case .connection(let socket):
        deafUntil = 0
        take(socket, now)
      case .nobody: return
      case .noRoom(let reason):
        if deafUntil == 0 { note(.noRoom(reason)) }
        deafUntil = now + SignerLimits.deafMilliseconds
        return
      }
    }
  }

  private func take(_ socket: UnixSocket, _ now: UInt64) {
    // Otherwise the connection is closed, because nobody keeps it.
    guard clients.count < SignerLimits.connections else { return }
    guard let user = socket.peerUser, user == UnixSocket.ownUser else {
      return note(.strangerRefused(user: socket.peerUser ?? .max))
    }
    lastNumber += 1
    clients[lastNumber] = SignerClient(socket, desk.role, now)
  }

  private func close(_ number: Int) {
    clients[number] = nil
    desk.left(number)
  }

  /// Reads what came from a client and answers it, or goes on writing.
  private func attend(_ number: Int, _ now: UInt64) {
    guard var client = clients[number] else { return }
    guard client.flush(now), client.isWriting || client.read(&buffer, now) else { return close(number) }
    while !client.isWriting {
      let content: [UInt8]?
      do throws(CodecError) { content = try client.frames.next() } catch {
        client.refuse(.malformed(error.explanation))
        _ = client.flush(now)
        return close(number)
      }
      guard let content else { break }
      guard answer(content, &client, number), client.flush(now) else { return close(number) }
    }
    client.rest(now)
    clients[number] = client
  }

  /// Returns false if the connection ends.
  private func answer(_ content: [UInt8], _ client: inout SignerClient, _ number: Int) -> Bool {
    let request: SignerRequest
    do throws(CodecError) { request = try SignerRequest(content) } catch {
      client.refuse(.malformed(error.explanation))
      _ = client.flush(0)
      return false
    }
    guard let answer = desk.answer(request, from: number) else { return true }
    client.put(answer)
    if case .hello = request {
      guard case .refused = answer else {
        client.isGreeted = true
        return true
      }
      _ = client.flush(0)
      return false
    }
    return true
  }
}
