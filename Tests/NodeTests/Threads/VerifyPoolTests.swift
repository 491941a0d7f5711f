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
    /// The numbers of the answers, in their order.
    let order = Mutex<[UInt64]>([])
    let arrived = DispatchSemaphore(value: 0)
    /// Signalled by the pool's thread when it gives the answer with number 0 or 100, after which it waits for `goOn`.
    let isHeld = DispatchSemaphore(value: 0)
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
      if ticket.number > 0 {
        answers.all.withLock { $0[ticket.number] = results }
        answers.order.withLock { $0.append(ticket.number) }
        answers.arrived.signal()
      }
      guard [0, 100].contains(ticket.number) else { return }
      answers.isHeld.signal()
      answers.goOn.wait()
    }
  }

  /// Makes the pool's thread wait, so that what is submitted next is in the queue together.
  private func hold() {
    submit(0, [valid], from: nil)
    answers.isHeld.wait()
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
    hold()
    for number in UInt64(1)...50 { submit(number, Array(repeating: valid, count: 512), from: 1) }
    submit(100, [valid], from: 2)
    answers.goOn.signal()
    answers.isHeld.wait()
    #expect(answers.all.withLock { $0.count } < 3)
    pool.drop(of: PeerID(1), through: Ticket(number: 50))
    answers.goOn.signal()
    pool.stop()
  }

  @Test("Transactions that a block waits for are checked before others, and answered once")
  func hurried() {
    hold()
    for number in UInt64(1)...3 { submit(number, Array(repeating: valid, count: 70), from: nil) }
    // Number 9 is not known here, and number 2 is in the queue three times.
    for number in [2, 9, 2] as [UInt64] { pool.hurry(Ticket(number: number)) }
    answers.goOn.signal()
    pool.stop()
    #expect(answers.order.withLock(\.self) == [2, 1, 3])
    #expect(pool.checked == 1 + 3 * 70)
  }

  @Test("H3: a request that was dropped is not answered, even if a block waited for it")
  func dropped() {
    hold()
    submit(1, [valid], from: 1)
    submit(2, [valid], from: 2)
    pool.hurry(Ticket(number: 1))
    pool.drop(of: PeerID(1), through: Ticket(number: 1))
    pool.hurry(Ticket(number: 1))
    answers.goOn.signal()
    pool.stop()
    #expect(answers.order.withLock(\.self) == [2])
  }
}
