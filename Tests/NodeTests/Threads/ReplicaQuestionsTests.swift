import Ledger
import Primitives
import Replica
import TestHarness
import Testing

@testable import Node

@Testing.Suite("Questions to the thread that votes")
struct ReplicaQuestionsTests {
  @Test(
    "H10: however many questions wait, they are one item in the loop's queue, and beyond the limit they are refused")
  func one() async throws {
    let questions = ReplicaQuestions()
    let posts = Recorder<Int>()
    let refusals = Recorder<String>()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<ReplicaQuestions.limit + 10 {
        group.addTask {
          let post: @Sendable () -> Bool = {
            posts.add([number])
            return true
          }
          do {
            switch number % 3 {
            case 0: _ = try await questions.status(post)
            case 1: _ = try await questions.pending(.zero, post)
            default: _ = try await questions.prove(.parameters, post)
            }
          } catch {
            refusals.add([(error as? any ExplainedError)?.code ?? "\(error)"])
          }
        }
      }
      while refusals.values.count < 10 || posts.values.isEmpty { await Task.yield() }
      #expect(posts.values.count == 1)
      #expect(Set(refusals.values) == ["node.busy"])
      #expect(questions.count == ReplicaQuestions.limit)
      questions.close()
      await group.waitForAll()
    }
    #expect(refusals.values.dropFirst(10) == Array(repeating: "node.stopping", count: ReplicaQuestions.limit)[...])
  }

  @Test("A question to a loop that has ended is refused at once")
  func closed() async {
    let questions = ReplicaQuestions()
    await #expect(throws: NodeStopping.self) { try await questions.status { false } }
    await #expect(throws: NodeStopping.self) { try await questions.pending(.zero) { false } }
    await #expect(throws: NodeStopping.self) { try await questions.prove(.parameters) { false } }
  }
}
