import Ledger
import Primitives

extension ChineseWords {
  func remark(_ remark: CertificateRemark) -> Phrase {
    switch remark {
    case .final(let chain, true): "下列交易在链 \(value: chain) 上已获最终确认并已生效：其内容已全部执行。"
    case .final(let chain, false): "下列交易在链 \(value: chain) 上已获最终确认，但未生效：未对账本作任何变更。"
    case .quorum(let signed, let validators, let epoch, let faults):
      """
      纪元 \(value: epoch) 共有 \(value: validators) 个验证节点，其中 \(value: signed) 个以签名为该交易所在区块及其结果作保，\
      已达法定人数：\(condition(faults))，两者即不可更替。
      """
    case .operations(let count): "该交易含 \(value: count) 项操作。一笔交易的操作要么全部生效，要么全部不生效。"
    case .listedOperations(let limit, let count, let failed, let transaction):
      """
      此处仅列出前 \(value: limit) 项操作\(also(failed))。全部 \(value: count) 项操作均载于回执文件；\
      交易标识 \(code: transaction) 即由全部操作计算得出的摘要。
      """
    case .smallestUnits:
      """
      除非资产由同一交易定义，回执并不证明该资产的小数位数，因此金额以该资产的最小单位列示。\
      使用 \(code: "roadbed proof get asset") 可取得小数位数的证明。
      """
    case .signatures: "法定人数的验证节点担保：在该高度，依各成员当时的公钥，上述签名均属有效。回执不含重新核验上述签名所需的资料。"
    case .clock(let seconds):
      """
      区块时间由提出该区块的验证节点设定。区块时间不晚于前一区块，或者超前于验证节点自身时钟逾 \(value: seconds) 秒的，\
      验证节点不予投票。
      """
    case .votes(let signed, let validators, let quorum):
      "\(value: validators) 个验证节点中有 \(value: signed) 个已签署；法定人数为 \(value: quorum)。"
    case .exactQuorum: "回执所载的验证节点签名恰为法定人数所需之数。某一验证节点不在其列，并不表示其持有异议。"
    case .confirmedAbove(let height, let blocks):
      """
      其所签署的是高度为 \(value: height) 的区块，位于该交易所在区块之上第 \(value: blocks) 个。\
      每一区块均载明前一区块及其执行结果，故上述签名亦及于该交易所在区块及其执行结果。
      """
    case .firstEpoch: "确认该区块的验证节点由创世文件直接载明。"
    case .epochs: "验证节点随纪元更替。每一纪元的验证节点签名确定下一纪元的验证节点。"
    case .passed(let epoch, let height, let signatures?):
      "纪元 \(value: epoch) 止于高度为 \(value: height) 的区块，由该纪元验证节点的 \(value: signatures) 个签名确认。"
    case .passed(let epoch, let height, nil):
      "纪元 \(value: epoch) 止于高度为 \(value: height) 的区块，以检查点为据。"
    case .listedEpochs(let limit, let count):
      "共 \(value: count) 个纪元，此处仅列出最后 \(value: limit) 个。全部载于回执文件。"
    case .checkpointUsed(let checkpoint, let unused):
      """
      核验始于检查点 \(code: checkpoint)，该检查点取自回执以外的来源。此前的 \(value: unused) 份纪元交接证明未作为依据。
      """
    case .olderThanCheckpoint(let checkpoint):
      """
      该回执所属纪元早于检查点 \(code: checkpoint)，因而所依据的密钥此后可能已经泄露。\
      应索取较晚纪元的回执，或取得其形成时间的其他证明。
      """
    case .offline:
      """
      凡持有下列两份文件者，均可核验本页所载的全部事项，无须节点，无须联网，亦无须信任提供文件之人。\
      创世文件应向本链成员索取，并将其摘要与本页所载核对。
      """
    case .programs: "将两份文件置于同一文件夹，并在其中键入下列命令："
    case .firstProgram: "程序 \(code: "roadbed")，本页亦由其生成："
    case .secondProgram(let source, let folder):
      """
      第二种核验程序，以 \(code: "Python") 编写，与前者没有任何共用代码。\(code: source) 指本系统源代码所在的文件夹，\
      该程序位于其中的 \(code: folder)：
      """
    case .programsAgree: "两者均须以退出状态 \(value: 0) 结束，并显示本页所载的事项。"
    case .byHand(let hash, let signature, let suiteByte):
      """
      各步骤所引文件位于源代码的 \(code: "Documentation") 文件夹，其中逐字节载明每一字段。散列函数为 \(code: hash)，\
      签名算法为 \(code: signature)，套件字节为 \(code: suiteByte)。
      """
    case .noProof: "本页仅供阅读，其本身不构成证明；构成证明的是回执文件。在需要该证明的期间，应妥善保存回执文件和创世文件。"
    case .made(let version, nil):
      "本页由 \(code: "roadbed \(version)") 在以创世文件核验回执之后生成。未通过核验的回执，不予生成本页。"
    case .made(let version, let checkpoint?):
      """
      本页由 \(code: "roadbed \(version)") 在以创世文件和检查点 \(code: checkpoint) 核验回执之后生成。\
      未通过核验的回执，不予生成本页。
      """
    }
  }

  private func condition(_ faults: Int) -> Phrase {
    faults == 0 ? "只要其中没有验证节点违反协议规则" : "只要其中违反协议规则的不超过 \(value: faults) 个"
  }

  private func also(_ failed: Int?) -> Phrase {
    guard let failed else { return Phrase() }
    return "以及失败的第 \(value: failed + 1) 项"
  }

  func step(_ step: CertificateStep) -> Phrase {
    switch step {
    case .genesis:
      """
      对标签 \(code: Domain.genesis.rawValue)、套件字节和创世字节求散列值，得出创世摘要；\
      交易及每一区块头均载有该摘要。
      """
    case .transaction:
      "对标签 \(code: Domain.transactionIdentity.rawValue)、套件字节和不含签名的交易字节求散列值，得出交易标识。"
    case .transactionTree(let index, let leaves, let path):
      """
      对一个零字节和已签名的交易求散列值，得出交易叶。以索引 \(value: index)、叶总数 \(value: leaves) \
      和含 \(value: path) 个摘要的第一条路径，由此推算出区块头中的交易树根。
      """
    case .block:
      """
      对标签 \(code: Domain.blockHeader.rawValue)、套件字节和区块头求散列值，得出区块的摘要。\
      区块头载有高度、时间和下列摘要。
      """
    case .outcomeTree(let index, let leaves, let path):
      """
      对一个零字节、交易标识和交易结果字节求散列值，得出交易结果叶。以索引 \(value: index)、叶总数 \(value: leaves) \
      和含 \(value: path) 个摘要的第二条路径，由此推算出执行结果中的交易结果树根。
      """
    case .result(let tag):
      """
      对标签 \(code: tag.rawValue)、套件字节和区块执行结果求散列值，得出执行结果的摘要。\
      执行结果载有高度、区块和下列摘要。
      """
    case .descent(let headers):
      """
      对后续的 \(value: headers) 个区块头同样求散列值。每个区块头均以前一区块为父区块，其中第一个还载有上述执行结果。\
      由此得出被确认的区块。
      """
    case .closings(let count):
      """
      核验 \(value: count) 份纪元交接证明，始于创世文件所载的验证节点或始于检查点，\
      得出下列纪元的验证节点及其表决公钥。
      """
    case .finalization(let signatures):
      """
      将标签 \(code: Domain.finalize.rawValue)、套件字节、创世摘要和下列字段依次相连。回执最终确认书中的 \(value: signatures) 个签名\
      对于所得字节均须有效，且各以签署节点的表决公钥核验。
      """
    }
  }
}
