internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Accepts connections, and limits the number of those that have not yet proved who they are (attack N2).
final class Acceptor: Sendable {
  private struct Pending {
    var link: Link
    /// Known once the TLS handshake is complete.
    var peer: Peer?
  }

  private struct State {
    /// Pending connections, oldest first.
    var pending: [Pending] = []
    var accepted: UInt64 = 0
  }

  private let environment: LinkEnvironment
  private let limit: Int
  private let state = Mutex(State())

  init(_ environment: LinkEnvironment) {
    self.environment = environment
    limit = environment.configuration.limits.pendingConnections
  }

  /// Listens on the configured address. Connections accepted by the channel belong to this acceptor.
  func listen(on group: any EventLoopGroup) async throws(PeerNetworkError) -> any Channel {
    let address = environment.configuration.listen
    let limits = environment.configuration.limits
    let openLimit = limits.pendingConnections + limits.closingConnections + 2 * environment.peers.count
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

  /// Adds a new connection. If there are too many, ends the oldest one.
  func add(_ link: Link) {
    let crowded = state.withLock { state -> Link? in
      state.accepted += 1
      state.pending.append(Pending(link: link))
      return state.pending.count > limit ? state.pending.removeFirst().link : nil
    }
    crowded?.end(.tooManyPending(limit: limit))
  }

  /// Notes the connection's peer. Ends an older pending connection of the same peer.
  func identified(_ link: Link, as peer: Peer) {
    let older = state.withLock { state -> Link? in
      var older: Link?
      if let place = state.pending.firstIndex(where: { $0.peer === peer }) {
        older = state.pending.remove(at: place).link
      }
      if let place = state.pending.firstIndex(where: { $0.link === link }) { state.pending[place].peer = peer }
      return older
    }
    older?.end(.replaced)
  }

  /// Removes a connection that has become an open link or has ended.
  func remove(_ link: Link) {
    state.withLock { state in
      guard let place = state.pending.firstIndex(where: { $0.link === link }) else { return }
      state.pending.remove(at: place)
    }
  }

  var pending: [Link] { state.withLock { $0.pending.map(\.link) } }
  var accepted: UInt64 { state.withLock { $0.accepted } }
}
