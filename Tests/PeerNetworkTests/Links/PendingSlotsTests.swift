import Testing

@testable import PeerNetwork

@Testing.Suite("Room for connections that have not proved who they are")
struct PendingSlotsTests {
  private func host(_ text: String) throws -> RemoteHost {
    try #require(RemoteHost(text))
  }

  @Test("N2: strangers from many addresses end one another, and never a connection from a known peer's address")
  func reserved() throws {
    var slots = PendingSlots<Int>(limit: 4, quota: 2)
    slots.know([[try host("10.0.0.1")], [try host("10.0.0.1")], [try host("10.0.0.2")]])
    var ended: [Int] = []
    for (id, address) in ["10.0.0.1", "10.0.0.1", "10.0.0.2"].enumerated() {
      #expect(slots.add(id, from: try host(address)) == nil)
    }
    for id in 3..<103 {
      if let (id, cause) = slots.add(id, from: try host("10.1.0.\(id)")) {
        #expect(cause == .tooMany(limit: 4))
        ended.append(id)
      }
    }
    #expect(ended == Array(3..<99))
    #expect(slots.ids == [0, 1, 2] + Array(99..<103))
  }

  @Test("N2: one stranger's address has a quota, beyond which it ends only its own connections")
  func quota() throws {
    var slots = PendingSlots<Int>(limit: 4, quota: 2)
    #expect(slots.add(0, from: try host("10.0.0.9")) == nil)
    var ended: [Int] = []
    // With IPv6, the last 64 bits are the stranger's own choice.
    for id in 1...6 {
      if let (id, cause) = slots.add(id, from: try host("2001:db8:0:1::\(id)")) {
        #expect(cause == .tooManyFromAddress(limit: 2))
        ended.append(id)
      }
    }
    #expect(ended == [1, 2, 3, 4])
    #expect(slots.ids == [0, 5, 6])
    #expect(slots.add(7, from: try host("2001:db8:0:2::1")) == nil)
    slots.remove(5)
    #expect(slots.add(8, from: try host("2001:db8:0:1::7")) == nil)
  }

  @Test("N2: a connection that has proved its key is not ended for others, whatever its address is")
  func identified() throws {
    var slots = PendingSlots<Int>(limit: 2, quota: 2)
    _ = slots.add(0, from: try host("10.0.0.1"))
    slots.identify(0)
    for id in 1...50 { _ = slots.add(id, from: try host("10.0.0.1")) }
    #expect(slots.ids == [0, 49, 50])
  }

  @Test("N2: a peer with several addresses has room for one connection, and leaves it to a peer that has no other")
  func severalAddresses() throws {
    var slots = PendingSlots<Int>(limit: 1, quota: 1)
    slots.know([[try host("10.0.0.1"), try host("10.0.0.2")], [try host("10.0.0.1")]])
    #expect(slots.add(0, from: try host("10.0.0.1")) == nil)
    #expect(slots.add(1, from: try host("10.0.0.2")) == nil)
    #expect(slots.add(2, from: try host("10.0.0.9")) == nil)
    #expect(slots.add(3, from: try host("10.0.0.2"))?.id == 1)
    #expect(slots.ids == [0, 2, 3])
  }

  @Test("a known address beyond its own room is treated like any other; the newest connections have the room")
  func knownBeyondRoom() throws {
    var slots = PendingSlots<Int>(limit: 8, quota: 2)
    slots.know([[try host("::ffff:10.0.0.1")]])
    for id in 0..<3 { #expect(slots.add(id, from: try host("10.0.0.1")) == nil) }
    let ended = try #require(slots.add(3, from: try host("10.0.0.1")))
    #expect(ended.id == 0)
    #expect(ended.cause == .tooManyFromAddress(limit: 2))
  }
}
