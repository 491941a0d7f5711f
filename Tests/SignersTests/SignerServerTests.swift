import BlockLog
import Cryptography
import Foundation
import Primitives
import Replica
import TestHarness
import Testing

@testable import Signers

@Testing.Suite("A signer's socket", .serialized)
final class SignerServerTests {
  private typealias Samples = SignerSamples

  private let folder: TemporaryDirectory
  private let key: PrivateKey
  private let disk = MemoryDisk()

  init() throws {
    folder = try TemporaryDirectory()
    key = try PrivateKey.generate(Samples.chain.suite)
    try KeyFile.write(key, to: folder.file("vote.pem"))
  }

  private var path: String { folder.file("s") }

  /// Serves while `body` runs.
  private func serving(_ body: () throws -> Void) throws {
    let files = VoteKeyFiles(path: folder.file("vote.pem"), chain: Samples.chain, passphrase: nil)
    let held = try files.read()
    let memory = try SignerGuard.open(disk, chain: Samples.chain).memory
    let desk = VoteDesk(files, held, memory: memory, chain: Samples.chain) { _ in }
    let server = try SignerServer(path: path, desk: desk) { _ in }
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      server.run()
      done.signal()
    }
    defer {
      server.stopping()
      done.wait()
    }
    try body()
  }

  private func connect(_ description: String = "node a") throws -> SignerConnection {
    try SignerConnection(path: path, Samples.hello(.node, description), milliseconds: 5000)
  }

  private func raw() throws -> UnixSocket { try UnixSocket.connected(to: path, milliseconds: 8000) }

  /// The next answer on a raw connection, nil if the connection ends.
  private func answer(_ socket: UnixSocket) throws -> SignerAnswer? {
    var frames = FrameBuffer(limit: SignerLimits.answerBytes)
    var buffer = [UInt8](repeating: 0, count: 1024)
    while true {
      if let content = try frames.next() { return try SignerAnswer(content) }
      guard case .bytes(let count) = socket.read(into: &buffer, atMost: 1024) else { return nil }
      frames.append(buffer[..<count])
    }
  }

  private func isSigning(_ connection: SignerConnection, _ view: UInt64) throws -> Bool {
    guard case .signature = try connection.ask(.sign(Samples.notarize(view), key: key.publicKey), milliseconds: 5000)
    else { return false }
    return true
  }

  @Test("A node is served at a socket that only its user may open, which is gone when the signer has stopped")
  func serves() throws {
    try serving {
      #expect(try folder.mode(of: path) == 0o600)
      let connection = try connect()
      #expect(connection.welcome == key.publicKey)
      #expect(try isSigning(connection, 1))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("G7: a second node is refused, and the place is free at once when the first has gone")
  func second() throws {
    try serving {
      var first: SignerConnection? = try connect("node a")
      #expect(throws: SignerError.refused(.inUse(by: "node a"))) { try connect("node b") }
      #expect(try first.map { try isSigning($0, 1) } == true)
      first = nil
      #expect(try isSigning(try connect("node b"), 2))
    }
  }

  @Test("G6: nonsense and frames that are too long end their connection, and no other")
  func hostile() throws {
    try serving {
      let node = try connect()
      for bytes: [UInt8] in [
        [255, 255, 255, 255], [1, 4, 0, 0], FrameBuffer.frame([200]), FrameBuffer.frame([]),
        FrameBuffer.frame([UInt8](repeating: 1, count: 1000)), [UInt8](repeating: 7, count: 100_000),
      ] {
        let socket = try raw()
        _ = socket.write(bytes[...])
        if case .refused(.malformed)? = try answer(socket) {} else { #expect(Bool(false), "\(bytes.prefix(8))") }
      }
      #expect(try isSigning(node, 1))
    }
  }

  @Test("G10: connections that say nothing, or half of something, are closed after a time, and hold nobody up")
  func slow() throws {
    try serving {
      let node = try connect()
      let silent = try raw()
      let half = try raw()
      _ = half.write(FrameBuffer.frame(SignerRequest.hello(Samples.hello()).bytes).prefix(9))
      #expect(try isSigning(node, 1))
      #expect(try answer(silent) == nil)
      #expect(try answer(half) == nil)
      #expect(try isSigning(node, 2), "that a node is silent between votes is no fault")
    }
  }

  @Test("G10: however many connect, their number is bounded, and the node is served")
  func many() throws {
    try serving {
      let node = try connect()
      let others = try (0..<60).map { _ in try raw() }
      #expect(try isSigning(node, 1))
      // Those above the limit are closed at once.
      let closed = others.count { socket in
        socket.setPatience(300)
        var buffer = [UInt8](repeating: 0, count: 1)
        return socket.read(into: &buffer, atMost: 1) == .ended
      }
      #expect(closed >= 60 - SignerLimits.connections)
      #expect(try isSigning(node, 2))
    }
  }

  @Test("What is at the path and is no socket of an ended process is not replaced")
  func occupied() throws {
    try folder.write("precious", to: "s")
    #expect(throws: SignerError.self) { try serving {} }
    #expect(try folder.text(of: path) == "precious")
    try FileManager.default.removeItem(atPath: path)
    try serving { #expect(throws: SignerError.self) { try serving {} } }
    let live = try UnixSocket.listening(at: path)
    var waiting: [UnixSocket] = []
    while let next = try? UnixSocket.connected(to: path, milliseconds: 50) { waiting.append(next) }
    #expect(waiting.count > 8)
    #expect(throws: SignerError.self, "a process that is too busy to answer still listens") {
      try UnixSocket.listening(at: path)
    }
    _ = live
  }

  @Test("A signer that ends removes its own socket, not that of another that has taken the place")
  func successor() throws {
    try serving { try FileManager.default.removeItem(atPath: path) }
    try serving {
      try FileManager.default.removeItem(atPath: path)
      try folder.write("another's", to: "s")
    }
    #expect(try folder.text(of: path) == "another's")
    try FileManager.default.removeItem(atPath: path)
  }

  @Test("What is no path of a socket is refused")
  func longPath() throws {
    let long = String(repeating: "x", count: 200)
    #expect(throws: SignerError.self) { try UnixSocket.connected(to: long, milliseconds: 100) }
  }

  @Test("R49: a node learns that its signer is away and that it is back, and what it said before is known then")
  func awayAndBack() throws {
    let keys = RemoteVoteKeys(path: path, chain: Samples.chain, description: "node a")
    #expect(throws: KeyStoreFault.self) { try keys.read() }
    let held = HeldKeys(key.publicKey)
    try serving {
      #expect(try keys.read() == held)
      #expect(keys.tend() == nil)
      _ = try keys.sign(Samples.notarize(1), with: key.publicKey)
    }
    do throws(SigningRefusal) {
      _ = try keys.sign(Samples.notarize(2), with: key.publicKey)
      #expect(Bool(false), "signed")
    } catch {
      #expect(error.code == "node.signer-away")
    }
    keys.missedVote()
    guard case .away? = keys.tend() else { return #expect(Bool(false), "it is still away") }
    keys.finalized(Samples.round(1))
    try serving {
      #expect(keys.tend() == .back)
      #expect(keys.tend() == nil)
      _ = try keys.sign(Samples.notarize(2), with: key.publicKey)
      do throws(SigningRefusal) {
        _ = try keys.sign(Samples.nullify(1), with: key.publicKey)
        #expect(Bool(false), "it learned what is final when it was back")
      } catch {
        #expect(error.code == "signer.conflict")
      }
      #expect(try keys.read() == held)
      #expect(keys.said == [Samples.notarize(2)])
    }
    guard case .away? = keys.tend() else { return #expect(Bool(false), "it is noticed without a vote") }
  }

  @Test("G4: a signer with a full disk is away, and back when there is space")
  func fullDisk() throws {
    let keys = RemoteVoteKeys(path: path, chain: Samples.chain, description: "node a")
    try serving {
      _ = try keys.read()
      disk.failingWrites = 3
      #expect(throws: SigningRefusal.self) { try keys.sign(Samples.notarize(1), with: key.publicKey) }
      keys.missedVote()
      guard case .away? = keys.tend() else { return #expect(Bool(false), "its disk is full") }
      disk.failingWrites = 0
      #expect(keys.tend() == .back)
      _ = try keys.sign(Samples.notarize(1), with: key.publicKey)
    }
  }

  @Test("A signer whose memory begins later learns the node's epoch before it is asked, and signs in it")
  func laterEpoch() throws {
    let keys = RemoteVoteKeys(path: path, chain: Samples.chain, description: "node a")
    let epoch = Epoch(3)
    let statement = Statement.nullify(epoch: epoch, view: View(1))
    try serving {
      _ = try keys.read()
      keys.finalized(Round(epoch: epoch, view: .genesis))
      _ = try keys.sign(statement, with: key.publicKey)
      // What is of the epoch before, or final, is not signed any more.
      for earlier in [Samples.nullify(9), statement] {
        if earlier == statement { keys.finalized(Round(epoch: epoch, view: View(1))) }
        #expect(throws: SigningRefusal.self) { try keys.sign(earlier, with: key.publicKey) }
      }
    }
  }

  @Test("A signer with another key than the node had is not used")
  func otherKey() throws {
    let keys = RemoteVoteKeys(path: path, chain: Samples.chain, description: "node a")
    try serving { _ = try keys.read() }
    _ = keys.tend()
    try FileManager.default.removeItem(atPath: folder.file("vote.pem"))
    try KeyFile.write(try PrivateKey.generate(Samples.chain.suite), to: folder.file("vote.pem"))
    try serving {
      guard case .away(let reason)? = keys.tend() else { return #expect(Bool(false), "another key") }
      #expect(reason.contains("none of this node's keys"))
      #expect(throws: SigningRefusal.self) { try keys.sign(Samples.notarize(1), with: key.publicKey) }
    }
  }
}
