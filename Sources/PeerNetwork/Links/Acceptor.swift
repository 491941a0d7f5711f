internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Primitives
internal import Synchronization

/// Accepts connections, and limits the number of those that have not yet proved who they are (attack N2).
final class Acceptor: Sendable {
  private struct State {
    var slots: PendingSlots<ObjectIdentifier>
    var links: [ObjectIdentifier: Link] = [:]
    /// The pending connection that has proved to be a peer's, for each peer that has one.
    var identified: [PeerID: ObjectIdentifier] = [:]
    var hosts = KnownHosts()
    var accepted: UInt64 = 0

    mutating func remove(_ id: ObjectIdentifier) -> Link? {
      slots.remove(id)
      if let peer = identified.first(where: { $0.value == id })?.key { identified[peer] = nil }
      return links.removeValue(forKey: id)
    }
  }

  private let environment: LinkEnvironment
  private let state: Mutex<State>

  init(_ environment: LinkEnvironment) {
    self.environment = environment
    let limits = environment.configuration.limits
    state = Mutex(
      State(slots: PendingSlots(limit: limits.pendingConnections, quota: limits.pendingConnectionsPerAddress)))
  }

  /// Looks up the addresses of the peers that are listed now; must be called whenever the list has changed. A peer whose
  /// names cannot be resolved now, or that connects from another address, is known once it has proved its key.
  func resolve() {
    let names = state.withLock { state in
      let names = state.hosts.update(environment.peers)
      state.slots.know(state.hosts.all)
      return names
    }
    for (peer, address) in names {
      // Blocks its thread.
      NIOThreadPool.singleton.submit { _ in self.resolve(address, of: peer) }
    }
  }

  private func resolve(_ address: PeerAddress, of peer: Peer) {
    let found: SocketAddress
    do {
      found = try SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
    } catch {
      environment.configuration.logger.debug("\(address.host) has no address: \(error)")
      return
    }
    guard let host = RemoteHost(found) else { return }
    state.withLock { state in
      state.hosts.found(host, of: address.host, peer)
      state.slots.know(state.hosts.all)
    }
  }

  /// Listens on the configured address. Connections accepted by the channel belong to this acceptor.
  func listen(on group: any EventLoopGroup) async throws(PeerNetworkError) -> any Channel {
    let address = environment.configuration.listen
    let limits = environment.configuration.limits
    let environment = environment
    let openLimit: @Sendable () -> Int = {
      limits.pendingConnections + limits.closingConnections + 3 * environment.peers.count
    }
    do {
      return try await ServerBootstrap(group: group)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            channel.closeOnExec()
            try channel.pipeline.syncOperations.addHandler(AcceptLimit(openLimit))
          }
        }
        .serverChannelOption(.backlog, value: 128)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            channel.closeOnExec()
            let handler = LinkHandler(self.environment, role: .accepting(self))
            let security = self.environment.security.serverHandler { handler.verify($0) }
            try channel.pipeline.syncOperations.addHandlers([security, handler])
          }
        }
        .bind(host: address.host, port: address.port).get()
    } catch { throw .cannotListen(address, LibraryText.of(error)) }
  }

  /// Adds a new connection. If there are too many, ends another. Ends it at once if it comes from the address of peers
  /// none of which may have a link now, because it misbehaved a moment ago or connects again and again: even to find out
  /// who it is costs more than to dial.
  func add(_ link: Link, from address: SocketAddress?) {
    if let refusal = refusal(of: address) {
      state.withLock { $0.accepted += 1 }
      link.end(refusal)
      return
    }
    let crowded = state.withLock { state -> (link: Link, fault: LinkFault)? in
      state.accepted += 1
      let id = ObjectIdentifier(link)
      state.links[id] = link
      guard let (ended, cause) = state.slots.add(id, from: address.flatMap(RemoteHost.init)) else { return nil }
      let fault: LinkFault =
        switch cause {
        case .tooMany(let limit): .tooManyPending(limit: limit)
        case .tooManyFromAddress(let limit): .tooManyFromAddress(limit: limit)
        }
      return state.remove(ended).map { ($0, fault) }
    }
    if let crowded { crowded.link.end(crowded.fault) }
  }

  private func refusal(of address: SocketAddress?) -> LinkFault? {
    guard let host = address.flatMap(RemoteHost.init) else { return nil }
    let peers = state.withLock { $0.hosts.peers(at: host) }
    let refusals = peers.compactMap(\.conduct.refusal)
    return refusals.count == peers.count ? refusals.first : nil
  }

  /// Notes the connection's peer. Ends an older pending connection of the same peer.
  func identified(_ link: Link, as peer: Peer, at address: SocketAddress?) {
    let older = state.withLock { state -> Link? in
      if let host = address.flatMap(RemoteHost.init), state.hosts.saw(peer, at: host) {
        state.slots.know(state.hosts.all)
      }
      let older = state.identified[peer.id].flatMap { state.remove($0) }
      let id = ObjectIdentifier(link)
      guard state.links[id] != nil else { return older }
      state.slots.identify(id)
      state.identified[peer.id] = id
      return older
    }
    older?.end(.replaced)
  }

  /// Removes a connection that has become an open link or has ended.
  func remove(_ link: Link) { _ = state.withLock { $0.remove(ObjectIdentifier(link)) } }

  var pending: [Link] { state.withLock { state in state.slots.ids.compactMap { state.links[$0] } } }
  var accepted: UInt64 { state.withLock { $0.accepted } }
}
