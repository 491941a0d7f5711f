import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import NodeAPI

@Testing.Suite("The register of connections")
struct ConnectionRegisterTests {
  private func limits(connections: Int = 4, memory: Int = 100, share: Int = 2) -> FrontLimits {
    FrontLimits(
      connections: connections, memory: memory, addressShare: share, requestTimeout: .seconds(10),
      idleTimeout: .seconds(60))
  }

  private func register(_ limits: FrontLimits) -> ConnectionRegister {
    ConnectionRegister(limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func address(_ text: String) throws -> ClientAddress {
    ClientAddress(try SocketAddress(ipAddress: text, port: 1))
  }

  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel()
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  @Test("A new connection takes the place of the one that has been silent the longest")
  func longestGoes() throws {
    let register = register(limits(share: 1))
    let channels = try (0..<6).map { _ in try channel() }
    let client = try address("10.0.0.1")
    var identities: [ConnectionRegister.Identity] = []
    for channel in channels[..<4] { identities.append(try register.open(channel, from: client)) }
    // The first connection has a request in progress, and the second one was active more recently than the others.
    register.work(identities[0])
    register.work(identities[1])
    register.wait(identities[1])
    _ = try register.open(channels[4], from: client)
    _ = try register.open(channels[5], from: client)
    #expect(channels.map(\.isActive) == [true, true, false, false, true, true])
    #expect(register.count == 4)
  }

  @Test("A connection that is being answered is never closed: the new one is refused instead")
  func allBusy() throws {
    let register = register(limits(connections: 2, share: 1))
    let client = try address("10.0.0.1")
    for _ in 0..<2 { register.work(try register.open(try channel(), from: client)) }
    let error = try #require(throws: RequestError.self) { try register.open(try channel(), from: client) }
    #expect(error.code == "api.busy")
    #expect(error.status.code == 503)
    #expect(error.retryAfter == 1)
    #expect(register.count == 2)
  }

  @Test("An address has its share, and one that fills the API loses connections to others")
  func shares() throws {
    let register = register(limits(connections: 4, share: 2))
    let greedy = try address("10.0.0.1")
    let mine = try (0..<3).map { _ in try channel() }
    for channel in mine { _ = try register.open(channel, from: greedy) }
    #expect(mine.map(\.isActive) == [false, true, true])
    let others = try (2...4).map { number in try address("10.0.0.\(number)") }
    let theirs = try others.map { address in
      let channel = try channel()
      _ = try register.open(channel, from: address)
      return channel
    }
    #expect(mine.map(\.isActive) == [false, false, true])
    #expect(theirs.map(\.isActive) == [true, true, true])
    #expect(register.count == 4)
  }

  @Test("Bodies and answers fill no more than the memory, nor an address more than its share")
  func memory() throws {
    let register = register(limits(connections: 10, memory: 100, share: 2))
    let first = try register.open(try channel(), from: try address("10.0.0.1"))
    let second = try register.open(try channel(), from: try address("10.0.0.2"))
    let third = try register.open(try channel(), from: try address("10.0.0.3"))
    #expect(register.hold(30, for: first))
    #expect(register.hold(20, for: first))
    #expect(!register.hold(1, for: first))
    #expect(register.hold(40, for: second))
    #expect(!register.hold(11, for: third))
    #expect(register.hold(10, for: third))
    register.release(first)
    #expect(register.bytes == 50)
    register.close(second)
    register.close(second)
    #expect(register.bytes == 10)
    register.close(first)
    register.close(third)
    #expect(register.bytes == 0)
    #expect(register.count == 0)
    #expect(!register.hold(1, for: first))
  }

  @Test("This machine's own programs are not limited to a share, and IPv6 addresses count by the network of a host")
  func addresses() throws {
    #expect(try address("127.0.0.1").isLoopback)
    #expect(try address("127.1.2.3").isLoopback)
    #expect(try address("::1").isLoopback)
    #expect(try address("::ffff:127.0.0.1").isLoopback)
    #expect(try !address("10.0.0.1").isLoopback)
    #expect(try address("2001:db8:0:1::5") == address("2001:db8:0:1:ffff::9"))
    #expect(try address("2001:db8:0:1::5") != address("2001:db8:0:2::5"))
    #expect(try address("::ffff:10.0.0.1") == address("10.0.0.1"))
    let register = register(limits(connections: 4, share: 4))
    let channels = try (0..<4).map { _ in try channel() }
    for channel in channels { _ = try register.open(channel, from: try address("127.0.0.1")) }
    #expect(channels.map(\.isActive) == [true, true, true, true])
  }

  @Test("Many requests on few connections leave no trace")
  func turns() throws {
    let register = register(limits(connections: 2, share: 1))
    let client = try address("10.0.0.1")
    let identity = try register.open(try channel(), from: client)
    let silent = try channel()
    _ = try register.open(silent, from: client)
    for _ in 0..<1000 {
      register.work(identity)
      register.wait(identity)
    }
    _ = try register.open(try channel(), from: client)
    #expect(!silent.isActive)
  }
}
