import Testing

@testable import Node

@Testing.Suite("Descriptors")
struct DescriptorBudgetTests {
  private func budget(_ limit: Int, validators: Int = 4, wanted: Int = 1000) -> DescriptorBudget? {
    DescriptorBudget(limit: limit, nodes: validators, processors: 2, wanted: wanted)
  }

  @Test("If there are enough descriptors, the API gets all that it wants")
  func enough() throws {
    #expect(try #require(budget(100_000)).connections == 1000)
    #expect(try #require(budget(100_000, wanted: 50_000)).connections == 50_000)
  }

  @Test("The node's own descriptors come first, and the API gets the rest")
  func fewer() throws {
    let shared = try #require(budget(1024))
    #expect(shared.connections == 1024 - shared.reserved)
    #expect(shared.reserved > 200)
    #expect(shared.connections > 400)
  }

  @Test("With too few descriptors for an API there is no budget")
  func tooFew() throws {
    let reserved = try #require(budget(1024)).reserved
    #expect(budget(reserved + DescriptorBudget.leastConnections)?.connections == DescriptorBudget.leastConnections)
    #expect(budget(reserved + DescriptorBudget.leastConnections - 1) == nil)
    #expect(budget(0) == nil)
  }

  @Test("A larger chain reserves more of them for its peers")
  func peers() throws {
    #expect(try #require(budget(4096, validators: 100)).reserved == (try #require(budget(4096))).reserved + 3 * 96)
    #expect(try #require(budget(4096, validators: 1)).reserved == (try #require(budget(4096))).reserved - 3 * 3)
  }
}
