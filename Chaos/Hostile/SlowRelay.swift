import Foundation
import PeerNetwork
import Synchronization

/// A TCP relay in front of a validator's listener, with which the validator plays `drip`: what it sends to whoever dials
/// it passes a few bytes at a time, from its handshake on. It knows nothing of TLS or frames.
///
/// It runs in a process of its own, and does what it is told on standard input, one play a line, until that ends.
final class SlowRelay: Sendable {
  struct Configuration: Codable, Sendable {
    /// Where it listens, and where the validator does.
    var listen: String
    var target: String
    /// Where it writes its figures.
    var figures: String
  }

  /// The bytes of a connection that always pass at once, so that it is not given up before its handshake is over.
  static let free = 8192
  /// The bytes that pass at a time when it drips, and the pause after them in microseconds: 1600 bytes a second at most.
  /// A whole TLS record arrives before the link counts as dead, but no answer in time.
  static let drop = 16
  private static let pause: UInt32 = 10_000

  /// Two sockets whose bytes are passed on to each other, by two threads.
  private final class Pair: Sendable {
    let dialler: Int32
    let target: Int32
    private let ended = Atomic(0)

    init(dialler: Int32, target: Int32) {
      (self.dialler, self.target) = (dialler, target)
      var isPrompt: Int32 = 1
      for descriptor in [dialler, target] {
        setsockopt(
          descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isPrompt, socklen_t(MemoryLayout<Int32>.size))
      }
    }

    /// Ends one direction, and with it the other. Returns whether both have ended.
    func end() -> Bool {
      for descriptor in [dialler, target] { shutdown(descriptor, Int32(SHUT_RDWR)) }
      guard ended.add(1, ordering: .acquiringAndReleasing).newValue == 2 else { return false }
      for descriptor in [dialler, target] { close(descriptor) }
      return true
    }
  }

  private let figuresFile: String
  private let target: PeerAddress
  private let listener: Int32
  private let isDripping = Atomic(false)
  private let counts = Mutex(HostileFigures())

  init(_ configuration: Configuration) throws {
    figuresFile = configuration.figures
    target = try PeerAddress(text: configuration.target)
    let own = try PeerAddress(text: configuration.listen)
    guard let listener = TCPSocket.listen(host: own.host, port: own.port) else {
      throw ChaosError.setUp("the relay cannot listen on \(configuration.listen)")
    }
    self.listener = listener
  }

  /// The port on which it listens.
  var port: Int { TCPSocket.port(of: listener) }

  /// What it has passed on from the validator so far.
  var figures: HostileFigures { counts.withLock(\.self) }

  /// Lets the validator drip from now on, or no longer.
  func drip(_ drips: Bool) { isDripping.store(drips, ordering: .relaxed) }

  /// Begins to accept connections.
  func start() {
    Thread.detachNewThread { [self] in
      while true {
        let dialler = accept(listener, nil, nil)
        guard dialler >= 0 else { return }
        guard let target = TCPSocket.connect(host: target.host, port: target.port) else {
          close(dialler)
          continue
        }
        relay(Pair(dialler: dialler, target: target))
      }
    }
  }

  /// Accepts no more connections.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  func run() {
    start()
    Thread.detachNewThread { [self] in
      while true {
        try? JSONEncoder().encode(figures).write(to: URL(fileURLWithPath: figuresFile), options: .atomic)
        usleep(200_000)
      }
    }
    while let line = readLine() { drip(line == HostilePlay.drip.rawValue) }
  }

  private func relay(_ pair: Pair) {
    counts.withLock { figures in
      figures.links += 1
      figures.openLinks += 1
    }
    for isFromTarget in [false, true] {
      Thread.detachNewThread { [self] in
        pass(isFromTarget ? (pair.target, pair.dialler) : (pair.dialler, pair.target), isFromTarget)
        if pair.end() { counts.withLock { $0.openLinks -= 1 } }
      }
    }
  }

  /// Passes bytes on in one direction until either side ends.
  private func pass(_ way: (from: Int32, to: Int32), _ isFromTarget: Bool) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var passed = 0
    while true {
      let drips = isFromTarget && isDripping.load(ordering: .relaxed)
      let room = drips ? max(Self.free - passed, Self.drop) : buffer.count
      let count = recv(way.from, &buffer, min(room, buffer.count), 0)
      guard count > 0, TCPSocket.send(buffer[..<count], to: way.to) else { return }
      passed += count
      guard isFromTarget else { continue }
      counts.withLock { $0.bytes += UInt64(count) }
      if drips, passed >= Self.free { usleep(Self.pause) }
    }
  }
}
