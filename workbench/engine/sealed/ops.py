"""Operations of TensorFlow that a sealed SavedModel may have. Whatever is not named here is refused.

Only such stand here as compute numbers from numbers: none reads or writes files, opens a connection, runs code, prints,
waits for others, or keeps something under a name (`ImmutableConst`, though it looks like a constant, maps a file).
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARITHMETIC = _names(
    """
    Abs AccumulateNV2 Acos Acosh Add AddN AddV2 Angle ApproximateEqual Asin Asinh Atan Atan2 Atanh BesselI0 BesselI0e
    BesselI1 BesselI1e Betainc BitwiseAnd BitwiseOr BitwiseXor Ceil ClipByValue Complex ComplexAbs Conj Cos Cosh Cross
    Cumprod Cumsum CumulativeLogsumexp Dawsn Digamma Div DivNoNan Einsum Elu Erf Erfc Erfinv Exp Expint Expm1 Floor
    FloorDiv FloorMod FresnelCos FresnelSin Igamma Igammac Imag Inv Invert IsFinite IsInf IsNan L2Loss LeakyRelu
    LeftShift Lgamma Log Log1p LogSoftmax LogicalAnd LogicalNot LogicalOr Maximum Minimum Mod Mul MulNoNan Ndtri Neg
    NextAfter Polygamma PopulationCount Pow Real RealDiv Reciprocal Relu Relu6 RightShift Rint Round Rsqrt Selu Sigmoid
    Sign Sin Sinh Softmax Softplus Softsign Spence Sqrt Square SquaredDifference Sub Tan Tanh TruncateDiv TruncateMod
    Xdivy Xlog1py Xlogy Zeta
    """
)
_COMPARING = _names("Equal Greater GreaterEqual Less LessEqual NotEqual Select SelectV2 Where")
_REDUCING = _names(
    """
    All Any ArgMax ArgMin Bincount DenseBincount EuclideanNorm HistogramFixedWidth InTopK InTopKV2 Max Mean Min
    NthElement Prod SegmentMax SegmentMaxV2 SegmentMean SegmentMin SegmentMinV2 SegmentProd SegmentProdV2 SegmentSum
    SegmentSumV2 SparseSegmentMean SparseSegmentSqrtN SparseSegmentSum Sum TopK TopKV2 Unique UniqueV2 UniqueWithCounts
    UniqueWithCountsV2 UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum
    """
)
_SHAPING = _names(
    """
    BatchToSpace BatchToSpaceND Bitcast BroadcastArgs BroadcastTo Bucketize Cast Concat ConcatOffset ConcatV2 Const
    DataFormatDimMap DataFormatVecPermute DepthToSpace Diag DiagPart DynamicPartition DynamicStitch EnsureShape
    ExpandDims Fill Gather GatherNd GatherV2 Identity IdentityN InvertPermutation LinSpace ListDiff LowerBound
    MatrixBandPart MatrixDiag MatrixDiagPart MatrixDiagPartV2 MatrixDiagPartV3 MatrixDiagV2 MatrixDiagV3 MatrixSetDiag
    MatrixSetDiagV2 MatrixSetDiagV3 MirrorPad OneHot OnesLike Pack Pad PadV2 ParallelConcat ParallelDynamicStitch Range
    Rank Reshape Reverse ReverseSequence ReverseV2 Roll ScatterNd ScatterNdNonAliasingAdd Shape ShapeN Size Slice
    Snapshot SpaceToBatch SpaceToBatchND SpaceToDepth Split SplitV Squeeze StridedSlice TensorScatterAdd
    TensorScatterMax TensorScatterMin TensorScatterSub TensorScatterUpdate TensorStridedSliceUpdate Tile Transpose
    Unpack UnravelIndex UpperBound ZerosLike
    """
)
_LINEAR_ALGEBRA = _names(
    """
    BatchMatMul BatchMatMulV2 BatchMatMulV3 Cholesky FFT FFT2D FFT3D IFFT IFFT2D IFFT3D IRFFT IRFFT2D IRFFT3D MatMul
    MatrixDeterminant MatrixInverse MatrixSolve MatrixTriangularSolve RFFT RFFT2D RFFT3D SparseMatMul
    SparseTensorDenseMatMul
    """
)
_LAYERS = _names(
    """
    AvgPool AvgPool3D BatchNormWithGlobalNormalization BiasAdd BiasAddV1 Conv Conv2D Conv2DBackpropInput
    Conv2DBackpropInputV2 Conv3D Conv3DBackpropInput Conv3DBackpropInputV2 DepthwiseConv2dNative Dilation2D
    FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 LRN MaxPool MaxPool3D MaxPoolV2 MaxPoolWithArgmax
    SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits
    """
)
_PICTURES = _names(
    """
    AdjustContrastv2 AdjustHue AdjustSaturation CombinedNonMaxSuppression CropAndResize ExtractImagePatches
    ExtractVolumePatches HSVToRGB ImageProjectiveTransformV2 ImageProjectiveTransformV3 NonMaxSuppression
    NonMaxSuppressionV2 NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 NonMaxSuppressionWithOverlaps
    RGBToHSV ResizeArea ResizeBicubic ResizeBilinear ResizeNearestNeighbor ScaleAndTranslate
    """
)
_QUANTIZED = _names(
    """
    FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel QuantizeAndDequantizeV2
    QuantizeAndDequantizeV3 QuantizeAndDequantizeV4
    """
)
_LISTS = _names(
    """
    EmptyTensorList TensorListConcatV2 TensorListElementShape TensorListFromTensor TensorListGather TensorListGetItem
    TensorListLength TensorListPopBack TensorListPushBack TensorListReserve TensorListResize TensorListScatterV2
    TensorListSetItem TensorListSplit TensorListStack
    """
)
_SEEDED = _names(
    """
    StatelessRandomGetKeyCounter StatelessRandomNormal StatelessRandomNormalV2 StatelessRandomUniform
    StatelessRandomUniformInt StatelessRandomUniformIntV2 StatelessRandomUniformV2 StatelessTruncatedNormal
    StatelessTruncatedNormalV2
    """
)
_FLOW = _names(
    """
    Case If NoOp PartitionedCall Placeholder PlaceholderV2 PlaceholderWithDefault PreventGradient
    StatefulPartitionedCall StatelessCase StatelessIf StatelessWhile StopGradient While
    """
)
_WEIGHTS = _names(
    """
    DisableCopyOnRead ReadVariableOp ResourceGather ResourceGatherNd VarHandleOp VarIsInitializedOp VariableShape
    """
)
_GRADIENTS = _names(
    """
    AvgPoolGrad BiasAddGrad BroadcastGradientArgs Conv2DBackpropFilter Conv3DBackpropFilterV2
    DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput EluGrad FusedBatchNormGradV3 LeakyReluGrad
    MaxPoolGrad MirrorPadGrad Relu6Grad ReluGrad RsqrtGrad SeluGrad SigmoidGrad SoftplusGrad SoftsignGrad SqrtGrad
    StridedSliceGrad TanhGrad
    """
)

PURE: frozenset[str] = frozenset().union(
    *(_ARITHMETIC, _COMPARING, _REDUCING, _SHAPING, _LINEAR_ALGEBRA, _LAYERS, _PICTURES, _QUANTIZED, _LISTS, _SEEDED),
    *(_FLOW, _WEIGHTS, _GRADIENTS),
)
"""What an endpoint may be made of: it gives the same for the same sample, each time."""

DRAWING = _names(
    """
    Multinomial RandomGamma RandomShuffle RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal
    """
)
"""Draw other numbers each time. Functions for training have them; an endpoint may not."""

CHANGING = _names("AssignAddVariableOp AssignSubVariableOp AssignVariableOp ResourceScatterAdd ResourceScatterUpdate")
"""Change weights. Functions for training have them, and what loads the weights; an endpoint may not."""

HARMLESS = PURE | DRAWING | CHANGING | {"Assert"}
"""What may stand anywhere in the SavedModel."""

SAVING = HARMLESS | _names("MergeV2Checkpoints RestoreV2 SaveV2 ShardedFilename StaticRegexFullMatch StringJoin")
"""What the two functions have that TensorFlow puts into every SavedModel to save and to restore its weights. TensorFlow
itself does not run them when it loads one, and nothing else may call them."""

FILES = _names(
    """
    ImmutableConst LookupTableFindV2 MatchingFiles ReadFile RestoreV2 SaveV2 TFRecordDataset TextLineDataset
    WholeFileReaderV2 WriteFile
    """
)
CODE = _names("EagerPyFunc PyFunc PyFuncStateless")
