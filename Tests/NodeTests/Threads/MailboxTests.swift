import DequeModule
import Testing

@testable import Node

@Testing.Suite("The queue between threads")
struct MailboxTests {
  @Test("N3: a lower class is taken before a higher one, and elements of one class in order of arrival")
  func classes() {
    let mailbox = Mailbox<String>(limit: 20, classes: 3)
    for (element, number) in [("t1", 2), ("b1", 1), ("t2", 2), ("v1", 0), ("b2", 1), ("v2", 0)] {
      mailbox.force(element, class: number)
    }
    #expect((0..<3).map { _ in mailbox.takeOne() } == ["v1", "v2", "b1"])
    mailbox.force("v3", class: 0)
    mailbox.force("t3", class: 2)
    mailbox.force("b3", class: 1)
    #expect((0..<6).map { _ in mailbox.takeOne() } == ["v3", "b2", "b3", "t1", "t2", "t3"])
  }

  @Test("Taking everything in one go gives the same order")
  func wholeBatch() {
    let mailbox = Mailbox<Int>(limit: 20, classes: 2)
    for (element, number) in [(1, 1), (2, 0), (3, 1), (4, 0)] { mailbox.force(element, class: number) }
    var batch: Deque<Int> = []
    #expect(mailbox.take(into: &batch, waitingAtMost: nil))
    #expect(Array(batch) == [2, 4, 1, 3])
    mailbox.force(5, class: 1)
    #expect(mailbox.takeOne() == 5)
  }
}
