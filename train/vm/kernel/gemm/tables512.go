package gemm

// The assembly of AVX-512 by number of vectors, less one, and of rows.

type (
	zTile[F Float] func(count, k int, a *F, rs, cs, step int, b *F, strip int, c *F, ldc, next int, bias *F, mask, flags int)
	zPack[F Float] func(dst *F, strip, k int, a *F, rs, cs int, b *F, ldb int, c *F, ldc int, bias *F, mask, flags int)
	zWide[F Float] func(k int, a *F, rs, cs int, b *F, ldb int, c *F, ldc int, bias *F, mask, flags int)
)

var zTiles32 = [2][wideRows + 1]zTile[float32]{
	{1: zTile1x1x32, 2: zTile2x1x32, 3: zTile3x1x32, 4: zTile4x1x32, 5: zTile5x1x32, 6: zTile6x1x32, 7: zTile7x1x32, 8: zTile8x1x32, 9: zTile9x1x32, 10: zTile10x1x32, 11: zTile11x1x32, 12: zTile12x1x32, 13: zTile13x1x32, 14: zTile14x1x32},
	{1: zTile1x2x32, 2: zTile2x2x32, 3: zTile3x2x32, 4: zTile4x2x32, 5: zTile5x2x32, 6: zTile6x2x32, 7: zTile7x2x32, 8: zTile8x2x32, 9: zTile9x2x32, 10: zTile10x2x32, 11: zTile11x2x32, 12: zTile12x2x32, 13: zTile13x2x32, 14: zTile14x2x32},
}

var zPacks32 = [2][wideRows + 1]zPack[float32]{
	{7: zPack7x1x32, 8: zPack8x1x32, 10: zPack10x1x32, 11: zPack11x1x32, 12: zPack12x1x32, 13: zPack13x1x32, 14: zPack14x1x32},
	{7: zPack7x2x32, 8: zPack8x2x32, 10: zPack10x2x32, 11: zPack11x2x32, 12: zPack12x2x32, 13: zPack13x2x32, 14: zPack14x2x32},
}

var zWides32 = [8][wideRows + 1]zWide[float32]{
	0: {1: zWide1x1x32, 2: zWide2x1x32, 3: zWide3x1x32, 4: zWide4x1x32, 5: zWide5x1x32, 6: zWide6x1x32, 7: zWide7x1x32, 8: zWide8x1x32, 9: zWide9x1x32, 10: zWide10x1x32, 11: zWide11x1x32, 12: zWide12x1x32, 13: zWide13x1x32, 14: zWide14x1x32},
	1: {1: zWide1x2x32, 2: zWide2x2x32, 3: zWide3x2x32, 4: zWide4x2x32, 5: zWide5x2x32, 6: zWide6x2x32, 7: zWide7x2x32, 8: zWide8x2x32, 9: zWide9x2x32, 10: zWide10x2x32, 11: zWide11x2x32, 12: zWide12x2x32, 13: zWide13x2x32, 14: zWide14x2x32},
	3: {1: zWide1x4x32, 2: zWide2x4x32, 3: zWide3x4x32, 4: zWide4x4x32, 5: zWide5x4x32, 6: zWide6x4x32},
	7: {1: zWide1x8x32, 2: zWide2x8x32, 3: zWide3x8x32},
}

var zTiles64 = [2][wideRows + 1]zTile[float64]{
	{1: zTile1x1x64, 2: zTile2x1x64, 3: zTile3x1x64, 4: zTile4x1x64, 5: zTile5x1x64, 6: zTile6x1x64, 7: zTile7x1x64, 8: zTile8x1x64, 9: zTile9x1x64, 10: zTile10x1x64, 11: zTile11x1x64, 12: zTile12x1x64, 13: zTile13x1x64, 14: zTile14x1x64},
	{1: zTile1x2x64, 2: zTile2x2x64, 3: zTile3x2x64, 4: zTile4x2x64, 5: zTile5x2x64, 6: zTile6x2x64, 7: zTile7x2x64, 8: zTile8x2x64, 9: zTile9x2x64, 10: zTile10x2x64, 11: zTile11x2x64, 12: zTile12x2x64, 13: zTile13x2x64, 14: zTile14x2x64},
}

var zPacks64 = [2][wideRows + 1]zPack[float64]{
	{7: zPack7x1x64, 8: zPack8x1x64, 10: zPack10x1x64, 11: zPack11x1x64, 12: zPack12x1x64, 13: zPack13x1x64, 14: zPack14x1x64},
	{7: zPack7x2x64, 8: zPack8x2x64, 10: zPack10x2x64, 11: zPack11x2x64, 12: zPack12x2x64, 13: zPack13x2x64, 14: zPack14x2x64},
}

var zWides64 = [8][wideRows + 1]zWide[float64]{
	0: {1: zWide1x1x64, 2: zWide2x1x64, 3: zWide3x1x64, 4: zWide4x1x64, 5: zWide5x1x64, 6: zWide6x1x64, 7: zWide7x1x64, 8: zWide8x1x64, 9: zWide9x1x64, 10: zWide10x1x64, 11: zWide11x1x64, 12: zWide12x1x64, 13: zWide13x1x64, 14: zWide14x1x64},
	1: {1: zWide1x2x64, 2: zWide2x2x64, 3: zWide3x2x64, 4: zWide4x2x64, 5: zWide5x2x64, 6: zWide6x2x64, 7: zWide7x2x64, 8: zWide8x2x64, 9: zWide9x2x64, 10: zWide10x2x64, 11: zWide11x2x64, 12: zWide12x2x64, 13: zWide13x2x64, 14: zWide14x2x64},
	3: {1: zWide1x4x64, 2: zWide2x4x64, 3: zWide3x4x64, 4: zWide4x4x64, 5: zWide5x4x64, 6: zWide6x4x64},
	7: {1: zWide1x8x64, 2: zWide2x8x64, 3: zWide3x8x64},
}
