<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Understudy\Client\Exception\NotFound;
use Understudy\Client\ImportOptions;
use Understudy\Client\PredictOptions;
use Understudy\Client\UnderstudyClient;

/** Against a running server: UNDERSTUDY_TEST_URL and UNDERSTUDY_TEST_KEY, a key that may write tasks. */
final class LiveTest extends TestCase
{
    public function testATaskFromDefinitionToJob(): void
    {
        $url = getenv('UNDERSTUDY_TEST_URL');
        $key = getenv('UNDERSTUDY_TEST_KEY');
        if ($url === false || $url === '' || $key === false || $key === '') {
            self::markTestSkipped('needs UNDERSTUDY_TEST_URL and UNDERSTUDY_TEST_KEY');
        }
        $understudy = UnderstudyClient::create($url, $key);
        self::assertTrue($understudy->health()->ready()->ready);
        $task = 'php-' . bin2hex(random_bytes(4));
        $understudy->tasks()->put($task, [
            'kind' => 'text_classification',
            'labels' => [['name' => 'ok'], ['name' => 'spam']],
        ], createOnly: true);

        $rows = (static function (): \Generator {
            for ($i = 0; $i < 5000; $i++) {
                $label = $i % 2 === 0 ? 'ok' : 'spam';
                yield ['input' => ['text' => "$label sentence $i " . str_repeat('ü', 200)], 'label' => $label];
            }
        })();
        $before = memory_get_peak_usage();
        $result = $understudy->examples()->import($task, $rows, new ImportOptions(gzip: true));
        self::assertSame([5000, 0], [$result->accepted, $result->rejected]);
        self::assertLessThan(3_000_000, memory_get_peak_usage() - $before);

        $decision = $understudy->predict($task, 'Grüße 👋', new PredictOptions(externalId: 'comment-1'));
        self::assertTrue($decision->isReview(), 'it has no model yet');
        self::assertSame('no_model', $decision->review?->reason);
        self::assertSame('comment-1', $understudy->decisions()->get($decision->id)->externalId);
        $understudy->decisions()->label($decision->id, 'ok');

        $many = $understudy->predictMany($task, ['a' => 'one', 'b' => 'two', 'c' => 'three']);
        self::assertSame(['a', 'b', 'c'], array_keys(iterator_to_array($many)));
        self::assertCount(4, iterator_to_array($understudy->decisions()->list(['task' => $task]), false));

        $job = $understudy->jobs()->create(['task' => $task, 'input' => ['text' => 'later']]);
        self::assertSame('succeeded', $understudy->jobs()->wait($job->id)->status);
        self::assertGreaterThan(0, $understudy->ledger()->head()->size);

        $this->expectException(NotFound::class);
        $understudy->tasks()->get('php-never-made');
    }
}
