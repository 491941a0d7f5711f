internal import CoreMetrics
internal import DequeModule
internal import Logging
internal import NIOCore
internal import Primitives
internal import Synchronization

/// The open connections, with each address's share of them and of the memory for bodies and answers.
///
/// If there is no room for a new connection, it replaces the one that has kept the node waiting longest among those of
/// the same address or, if the API is full, of the address that has the most. A client that merely holds connections
/// open thus keeps nobody out.
final class ConnectionRegister: Sendable {
  struct Identity: Hashable, Sendable {
    fileprivate let number: UInt64
  }

  private struct Entry {
    let channel: any Channel
    let address: ClientAddress
    var bytes = 0
    /// Set while the node waits for the client, to distinguish this wait from earlier ones.
    var turn: UInt64?
  }

  /// One address's share.
  private struct Holding {
    var connections = 0
    var bytes = 0
    /// Connections whose clients the node is waiting for, the longest wait first, mixed with some that it no longer
    /// waits for.
    var waiting: Deque<(identity: Identity, turn: UInt64)> = []
  }

  private struct State {
    var entries: [Identity: Entry] = [:]
    var holdings: [ClientAddress: Holding] = [:]
    var bytes = 0
    var last: UInt64 = 0
    var crowdedLast: ContinuousClock.Instant?
  }

  private let limits: FrontLimits
  private let logger: Logger
  private let state = Mutex(State())
  /// The shortest interval between two log messages about a lack of room.
  private static let silence = Duration.seconds(60)

  init(_ limits: FrontLimits, logger: Logger) {
    self.limits = limits
    self.logger = logger
  }

  func refreshGauges() {
    Gauge(label: "roadbed_api_connections").record(count)
    Gauge(label: "roadbed_api_memory_bytes").record(bytes)
  }

  var count: Int { state.withLock { $0.entries.count } }
  var bytes: Int { state.withLock(\.bytes) }

  // MARK: Connections

  /// Adds a new connection, whose client the node is now waiting for. Throws if there is no room and no connection can
  /// be closed.
  func open(_ channel: any Channel, from address: ClientAddress) throws(RequestError) -> Identity {
    let share = share(of: limits.connections, for: address)
    let (identity, leaving, isFirstInAWhile) = state.withLock { state -> (Identity?, (any Channel)?, Bool) in
      let isFull = state.entries.count >= limits.connections
      guard isFull || state.holdings[address, default: Holding()].connections >= share else {
        return (Self.add(channel, from: address, &state), nil, false)
      }
      let crowded = isFull ? Self.addressesByConnections(state) : [address]
      let isFirst = Self.isFirstInAWhile(&state)
      for other in crowded {
        guard let longest = Self.longestWaiting(of: other, &state) else { continue }
        let leaving = Self.remove(longest, &state)?.channel
        return (Self.add(channel, from: address, &state), leaving, isFirst)
      }
      return (nil, nil, isFirst)
    }
    leaving?.close(promise: nil)
    if isFirstInAWhile {
      logger.warning(
        "the API is at its connection limit; new connections replace those that have been waiting longest",
        metadata: ["limit": "\(limits.connections)", "of one address": "\(share)", "last from": "\(address)"])
    }
    guard let identity else {
      throw .busy(
        "the API has no room for another connection: its limit is \(limits.connections), and \(share) for one address",
        limits)
    }
    return identity
  }

  func close(_ identity: Identity) {
    state.withLock { state in _ = Self.remove(identity, &state) }
  }

  private static func add(_ channel: any Channel, from address: ClientAddress, _ state: inout State) -> Identity {
    state.last += 1
    let identity = Identity(number: state.last)
    state.entries[identity] = Entry(channel: channel, address: address)
    state.holdings[address, default: Holding()].connections += 1
    wait(identity, &state)
    return identity
  }

  /// The addresses, those with the most connections first.
  private static func addressesByConnections(_ state: borrowing State) -> [ClientAddress] {
    state.holdings.sorted { $0.value.connections > $1.value.connections }.map(\.key)
  }

  private static func remove(_ identity: Identity, _ state: inout State) -> Entry? {
    guard let entry = state.entries.removeValue(forKey: identity) else { return nil }
    state.bytes -= entry.bytes
    guard var holding = state.holdings.removeValue(forKey: entry.address) else { return entry }
    holding.connections -= 1
    holding.bytes -= entry.bytes
    if holding.connections > 0 { state.holdings[entry.address] = holding }
    return entry
  }

  private static func isFirstInAWhile(_ state: inout State) -> Bool {
    let now = ContinuousClock.now
    if let last = state.crowdedLast, now - last < silence { return false }
    state.crowdedLast = now
    return true
  }

  // MARK: Waiting

  /// From now on, the node waits for the client: for a request, or for the rest of one.
  func wait(_ identity: Identity) {
    state.withLock { state in Self.wait(identity, &state) }
  }

  /// From now on, the client waits for the node; the connection is not closed to make room for another.
  func work(_ identity: Identity) {
    state.withLock { state in state.entries[identity]?.turn = nil }
  }

  private static func wait(_ identity: Identity, _ state: inout State) {
    guard let address = state.entries[identity]?.address else { return }
    state.last += 1
    let turn = state.last
    state.entries[identity]?.turn = turn
    guard var holding = state.holdings.removeValue(forKey: address) else { return }
    holding.waiting.append((identity, turn))
    // Entries that no longer wait are recognised by their turn, and removed before they form the majority.
    if holding.waiting.count > 2 * holding.connections + 16 {
      holding.waiting.removeAll { state.entries[$0.identity]?.turn != $0.turn }
    }
    state.holdings[address] = holding
  }

  private static func longestWaiting(of address: ClientAddress, _ state: inout State) -> Identity? {
    while let first = state.holdings[address]?.waiting.popFirst() {
      if state.entries[first.identity]?.turn == first.turn { return first.identity }
    }
    return nil
  }

  // MARK: Memory

  /// Reserves bytes of a body or an answer that the node holds for a connection. Returns false if there is no room for
  /// them.
  func hold(_ bytes: Int, for identity: Identity) -> Bool {
    state.withLock { state in
      guard let address = state.entries[identity]?.address, var holding = state.holdings[address],
        state.bytes + bytes <= limits.memory, holding.bytes + bytes <= share(of: limits.memory, for: address)
      else { return false }
      state.bytes += bytes
      holding.bytes += bytes
      state.holdings[address] = holding
      state.entries[identity]?.bytes += bytes
      return true
    }
  }

  /// Releases everything that was held for a connection.
  func release(_ identity: Identity) {
    state.withLock { state in
      guard let entry = state.entries[identity], entry.bytes > 0 else { return }
      state.bytes -= entry.bytes
      state.holdings[entry.address]?.bytes -= entry.bytes
      state.entries[identity]?.bytes = 0
    }
  }

  /// Programs on this machine, such as a proxy that serves many clients, are not limited to a share.
  private func share(of whole: Int, for address: ClientAddress) -> Int {
    address.isLoopback ? whole : max(1, whole / limits.addressShare)
  }
}
