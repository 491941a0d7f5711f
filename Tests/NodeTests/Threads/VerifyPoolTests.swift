import Cryptography
import Dispatch
import Primitives
import Replica
import Synchronization
import Testing

@testable import Node

@Testing.Suite("The threads that check signatures")
struct VerifyPoolTests {
  /// Collects the answers of a pool.
  private final class Answers: Sendable {
    let all = Mutex<[UInt64: [Bool]]>([:])
    let arrived = DispatchSemaphore(value: 0)
    /// Signalled to let the pool go on after the answer with number 0.
    let goOn = DispatchSemaphore(value: 0)
  }

  private let answers = Answers()
  private let pool: VerifyPool
  private let valid: VerificationItem
  private let invalid: VerificationItem

  init() throws {
    let signer = try PrivateKey(secret: Array(repeating: 7, count: 32), .ed25519SHA256)
    let message = [UInt8](repeating: 1, count: 100)
    let signature = try signer.sign(message)
    valid = VerificationItem(message: message, key: signer.publicKey, signature: signature)
    invalid = VerificationItem(message: [2], key: signer.publicKey, signature: signature)
    let answers = answers
    pool = VerifyPool(suite: .ed25519SHA256, threads: 1) { ticket, results in
      if ticket.number == 0 { return answers.goOn.wait() }
      answers.all.withLock { $0[ticket.number] = results }
      answers.arrived.signal()
    }
  }

  private func submit(_ number: UInt64, _ items: [VerificationItem], from peer: UInt16?) {
    pool.submit(
      VerificationRequest(
        ticket: Ticket(number: number), items: items, urgency: .transactions, peer: peer.map { PeerID($0) }))
  }

  @Test("Each signature of clients' transactions is checked, whatever the others are")
  func whole() {
    var items = Array(repeating: valid, count: 100)
    items[0] = invalid
    submit(1, items, from: nil)
    answers.arrived.wait()
    pool.stop()
    #expect(answers.all.withLock { $0[1] } == [false] + Array(repeating: true, count: 99))
  }

  @Test("H3: the first invalid signature of a peer's request is its answer, and the rest is not checked")
  func ended() {
    submit(1, [invalid] + Array(repeating: valid, count: 9999), from: 1)
    answers.arrived.wait()
    pool.drop(of: PeerID(1), through: Ticket(number: 1))
    pool.stop()
    #expect(answers.all.withLock { $0[1]?.first } == false)
    #expect(pool.checked < 9999)
  }

  @Test("H3: a request of one peer is answered before the flood of another that came first")
  func turns() {
    submit(0, [valid], from: nil)
    for number in UInt64(1)...50 { submit(number, Array(repeating: valid, count: 512), from: 1) }
    submit(100, [valid], from: 2)
    answers.goOn.signal()
    while answers.all.withLock({ $0[100] == nil }) { answers.arrived.wait() }
    #expect(answers.all.withLock { $0.count } < 3)
    pool.drop(of: PeerID(1), through: Ticket(number: 50))
    pool.stop()
  }
}
