<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\OpenAiSettings as OpenAiSettingsData;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Request\OpenAiSettingsRequest;
use Understudy\Client\Request\Request;
use Understudy\Client\Versioned;

/** How the OpenAI-compatible door answers. */
final class OpenaiSettings extends Resource
{
    /**
     * How tasks answer under /openai/v1.
     *
     * @throws UnderstudyException
     */
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
     *
     * @throws UnderstudyException
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

    /**
     * Say how tasks answer under /openai/v1.
     *
     * @param array<string, mixed>|OpenAiSettingsRequest $settings
     *
     * @throws UnderstudyException
     */
    public function put(
        array|OpenAiSettingsRequest $settings,
        ?string $ifMatch = null,
        ?CallOptions $options = null,
    ): OpenAiSettingsData {
        $settings = Request::fields($settings);

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
