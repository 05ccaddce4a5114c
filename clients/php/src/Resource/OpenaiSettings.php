<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\OpenAiSettings as OpenAiSettingsData;
use Understudy\Client\Http\Call;
use Understudy\Client\Versioned;

/** How the OpenAI-compatible door answers. */
final class OpenaiSettings extends Resource
{
    public function get(?CallOptions $options = null): OpenAiSettingsData
    {
        return $this->one(new Call(
            'openai_settings.get',
            'GET',
            '/v1/openai-settings',
            $options,
        ), OpenAiSettingsData::fromArray(...));
    }

    /**
     * With its version, for put().
     *
     * @return Versioned<OpenAiSettingsData>
     */
    public function getWithEtag(?CallOptions $options = null): Versioned
    {
        return $this->versioned(new Call(
            'openai_settings.get',
            'GET',
            '/v1/openai-settings',
            $options,
        ), OpenAiSettingsData::fromArray(...));
    }

    /** @param array<string, mixed> $settings */
    public function put(array $settings, ?string $ifMatch = null, ?CallOptions $options = null): OpenAiSettingsData
    {
        return $this->one(new Call(
            'openai_settings.put',
            'PUT',
            '/v1/openai-settings',
            $options,
            json: $settings,
            headers: self::condition($ifMatch),
        ), OpenAiSettingsData::fromArray(...));
    }
}
