internal import NIOCore

/// A handle on one connection, for other threads and event loops than the connection's own.
final class Link: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<LinkHandler>

  /// On the event loop of `channel`.
  init(channel: any Channel, handler: LinkHandler) {
    self.channel = channel
    self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
  }

  /// Frames wait to be written.
  func wake() {
    channel.eventLoop.execute { self.handler.value.writeWaiting() }
  }

  /// The replica accepts frames again.
  func resumeReading() {
    channel.eventLoop.execute { self.handler.value.resumeReading() }
  }

  func end(_ fault: LinkFault) {
    channel.eventLoop.execute { self.handler.value.end(fault) }
  }

  /// Ends the link and waits until its socket is closed.
  func close(_ fault: LinkFault) async {
    end(fault)
    // The future can only say how the close went, and closed it is either way.
    try? await channel.closeFuture.get()
  }
}
