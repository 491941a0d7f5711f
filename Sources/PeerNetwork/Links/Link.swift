internal import NIOCore

/// A handle on a connection for use outside the connection's own event loop.
final class Link: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<LinkHandler>

  /// Must be called on the event loop of `channel`.
  init(channel: any Channel, handler: LinkHandler) {
    self.channel = channel
    self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
  }

  /// Tells the link that frames wait to be written.
  func wake() {
    channel.eventLoop.execute { self.handler.value.writeWaiting() }
  }

  /// Tells the link that the replica accepts frames again.
  func resumeReading() {
    channel.eventLoop.execute { self.handler.value.resumeReading() }
  }

  func end(_ fault: LinkFault) {
    channel.eventLoop.execute { self.handler.value.end(fault) }
  }

  /// Ends the link and waits until its socket is closed.
  func close(_ fault: LinkFault) async {
    end(fault)
    // The future only tells how the close went; the socket is closed either way.
    try? await channel.closeFuture.get()
  }
}
