internal import Hummingbird

/// What the routes know of a request besides the request itself.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let client: ClientAddress

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    client = ClientAddress(source.channel.remoteAddress)
  }
}
