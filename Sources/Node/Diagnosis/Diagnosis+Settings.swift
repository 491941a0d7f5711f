internal import NodeCore

extension Diagnosis.Choices {
  init(_ settings: NodeSettings) {
    self.init()
    isAPIInsecure = settings.isAPIInsecure
    prunesWithoutArchive = settings.historyKept > 0 && settings.archiveDirectory == nil
  }
}
